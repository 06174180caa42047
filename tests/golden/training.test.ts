import assert from 'node:assert/strict'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { gradients } from '../../src/autodiff/gradients.ts'
import { createDecoder } from '../../src/model/decoder.ts'
import { Graph } from '../../src/onnx/graph.ts'
import { lower } from '../../src/onnx/lowering.ts'
import { serialize } from '../../src/onnx/model-proto.ts'
import { operators } from '../../src/onnx/operators.ts'
import { createSession, type Feed } from '../../src/onnx/session.ts'
import type { Tensor } from '../../src/onnx/tensor.ts'
import { scoreGraph, trainGraph } from '../../src/training/graph.ts'
import { createTrainStep } from '../../src/training/train-step.ts'
import { float64Feeds, runFloat64 } from './float64.ts'
import { readSafetensors } from './safetensors.ts'
import { flatten, relativeError, tinyCheckpoint, tinyFolder, tinyLora, tinyModels, toBatch } from './tiny.ts'

/**
 * The golden values come from a float64 model in which transformers still computes norms, rotary tables and the loss in
 * float32: they are exact to about 1e-7 and no engine can be closer. exact.py made values that are float64 throughout.
 */
const closeInFloat64 = 1e-6
const closeInFloat32 = 1e-4

for (const model of tinyModels) {
  const checkpoint = await tinyCheckpoint(model)
  const golden = JSON.parse(readFileSync(join(tinyFolder(model), 'loss.json'), 'utf8'))
  const read = (name: string) =>
    flatten(checkpoint, tinyLora, readSafetensors(join(tinyFolder(model), 'adapter', name)))
  const exactFile = join(tinyFolder(model), 'exact.f64.safetensors')
  const batch = toBatch(golden.ids, golden.labels)
  const parameters = read('adapter_model.safetensors')
  const expected = read('gradients.f64.safetensors')
  const options = { trainable: 'AB', dropout: 0, device: 'cpu', threads: 1 } as const

  test(`trainGraph() gives the golden loss and adapter gradient of tiny/${model} in float64`, async () => {
    const weights = Float64Array.from({ length: batch.rows }, () => 1 / batch.rows)
    const graph = trainGraph(checkpoint, tinyLora, batch, { trainable: 'AB', dropout: 0, type: 'float64' })
    const { loss, gradient } = await runFloat64(checkpoint, graph, {
      ...float64Feeds(batch, parameters),
      weights: { type: 'float64', shape: [batch.rows], data: weights },
    })
    const error = relativeError(gradient as Float64Array, expected)
    assert.ok(Math.abs(Number(loss?.[0]) / golden.loss_with_adapter - 1) <= closeInFloat64, `loss ${loss?.[0]}`)
    assert.ok(error <= closeInFloat64, `relative error ${error}`)
  })

  test(`TrainStep.step() gives the golden loss and adapter gradient of tiny/${model} in float32`, async () => {
    const steps = createTrainStep(checkpoint, tinyLora, options)
    const { loss, gradient } = await steps.step(batch, Float32Array.from(parameters))
    await steps.release()
    const error = relativeError(gradient, expected)
    assert.ok(Math.abs(loss / golden.loss_with_adapter - 1) <= closeInFloat32, `loss ${loss}`)
    assert.ok(error <= closeInFloat32, `relative error ${error}`)
  })

  test(`scoreGraph() gives the golden loss of tiny/${model} without an adapter in float64`, async () => {
    const graph = scoreGraph(checkpoint, undefined, batch, 'float64')
    const { losses } = await runFloat64(checkpoint, graph, float64Feeds(batch))
    const mean = Array.from(losses as Float64Array).reduce((sum, x) => sum + x, 0) / batch.rows
    assert.ok(Math.abs(mean / golden.loss - 1) <= closeInFloat64, `loss ${mean}`)
  })

  test(
    `trainGraph() and scoreGraph() equal tiny/${model} computed in float64 throughout to 1e-9`,
    {
      skip: !existsSync(exactFile) && 'SKIPPED: no exact.f64.safetensors (see exact.py)',
    },
    async () => {
      const exact = readSafetensors(exactFile)
      const value = (name: string) => exact.get(name)?.values[0] ?? Number.NaN
      const graph = trainGraph(checkpoint, tinyLora, batch, { trainable: 'AB', dropout: 0, type: 'float64' })
      const weights = new Float64Array(batch.rows).fill(1 / batch.rows)
      const { loss, gradient } = await runFloat64(checkpoint, graph, {
        ...float64Feeds(batch, parameters),
        weights: { type: 'float64', shape: [batch.rows], data: weights },
      })
      const error = relativeError(gradient as Float64Array, flatten(checkpoint, tinyLora, exact))
      assert.ok(error <= 1e-9, `gradient: relative error ${error}`)
      assert.ok(Math.abs(Number(loss?.[0]) - value('loss_with_adapter')) <= 1e-9, `loss ${loss?.[0]}`)
      const scored = await runFloat64(
        checkpoint,
        scoreGraph(checkpoint, undefined, batch, 'float64'),
        float64Feeds(batch),
      )
      const mean = Array.from(scored['losses'] as Float64Array).reduce((sum, x) => sum + x, 0) / batch.rows
      assert.ok(Math.abs(mean - value('loss')) <= 1e-9, `base loss ${mean}`)
    },
  )

  test(`createDecoder() gives the golden logits of tiny/${model} in float64`, async () => {
    const op = operators(new Graph())
    const decoder = createDecoder(op, checkpoint, 'float64')
    const ids = op.graph.input('tokens', 'int32', [batch.tokens.length])
    op.graph.output('logits', op.gemm(decoder.hidden(ids, batch), decoder.weights.head(), { transB: 1 }))
    const { tokens } = float64Feeds(batch)
    const { logits } = await runFloat64(checkpoint, op.graph, { tokens: tokens as Feed })
    const vocabulary = checkpoint.config.vocabSize
    const last8 = [1, 2].flatMap((sequence) => {
      const end = sequence * batch.length * vocabulary
      return Array.from((logits as Float64Array).subarray(end - 8 * vocabulary, end))
    })
    const stored = readSafetensors(join(tinyFolder(model), 'last-8-logits.f64.safetensors')).get('logits')
    const error = relativeError(last8, stored?.values ?? [])
    assert.ok(error <= closeInFloat64, `relative error ${error}`)
  })

  test(`gradients() gives the golden gradient of every weight of tiny/${model} in float32`, async () => {
    const graph = scoreGraph(checkpoint, undefined, batch)
    const op = operators(graph)
    const loss = op.reduceMean(graph.outputs.get('losses') as Tensor, undefined, false)
    const weights = [...graph.initializers.values()].filter(({ data }) => !ArrayBuffer.isView(data))
    const parameters = weights.map(({ tensor }) => tensor)
    gradients(graph, loss, parameters).forEach((gradient, i) => {
      graph.output(`gradient of ${parameters[i]?.name}`, gradient)
    })
    const session = await createSession(serialize(lower(graph, 'cpu')), {
      device: 'cpu',
      threads: 1,
      purpose: 'train',
      folder: checkpoint.folder,
    })
    const { tokens, labels, positions } = float64Feeds(batch) as Record<string, Feed>
    const names = parameters.map(({ name }) => name)
    const made = await session.run(
      { tokens, labels, positions } as Record<string, Feed>,
      names.map((name) => `gradient of ${name}`),
    )
    await session.release()
    const stored = readSafetensors(join(tinyFolder(model), 'gradients.f64.safetensors'))
    assert.deepEqual([...names].sort(), [...stored.keys()].sort())
    for (const [name, { values }] of stored) {
      const error = relativeError(made[`gradient of ${name}`] as Float32Array, values)
      assert.ok(error <= closeInFloat32, `${name}: relative error ${error}`)
    }
  })
}
