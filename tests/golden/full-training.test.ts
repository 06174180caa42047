/** All weights trained, against transformers and PyTorch's AdamW in float64 throughout (exact.py). */
import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { adamwStep, createAdamWState } from '../../src/training/adamw.ts'
import { cutWeights, fullLayout } from '../../src/training/full-layout.ts'
import { scoreGraph, trainGraph } from '../../src/training/graph.ts'
import { createTrainStep } from '../../src/training/train-step.ts'
import { float64Feeds, runFloat64 } from './float64.ts'
import { readSafetensors, type Stored } from './safetensors.ts'
import { relativeError, tinyCheckpoint, tinyFolder, tinyModels, toBatch } from './tiny.ts'

/** Of a tensor: its L2 norm, and its product with sin(0), sin(1), ... */
type Marks = readonly [norm: number, wave: number]

interface Golden {
  /** Of each weight's gradient at the start, and of each weight after the last step. */
  readonly gradients: Record<string, Marks>
  readonly weights: Record<string, Marks>
  /** Loss and gradient norm before clipping. */
  readonly steps: readonly (readonly [loss: number, norm: number])[]
}

const norm = (values: ArrayLike<number>) => Math.sqrt(Array.from(values).reduce((sum, x) => sum + x * x, 0))
const wave = (values: ArrayLike<number>) => Array.from(values).reduce((sum, x, i) => sum + x * Math.sin(i), 0)
/** How far both marks are off, in parts of the norm. */
const apart = (values: ArrayLike<number>, [length, product]: Marks = [Number.NaN, Number.NaN]) =>
  Math.max(Math.abs(norm(values) - length), Math.abs(wave(values) - product)) / length
const off = (actual: number, expected: number) => Math.abs(actual / expected - 1)

for (const model of tinyModels) {
  const checkpoint = await tinyCheckpoint(model)
  const layout = fullLayout(checkpoint.config)
  const file = (name: string) => join(tinyFolder(model), name)
  const { ids, labels } = JSON.parse(readFileSync(file('loss.json'), 'utf8'))
  const golden: Golden = JSON.parse(readFileSync(file('full-training.json'), 'utf8'))
  const [firstLoss = Number.NaN, firstNorm = Number.NaN] = golden.steps[0] ?? []
  const batch = toBatch(ids, labels)
  const flat = (stored: Map<string, Stored>): Float64Array =>
    Float64Array.from(layout.parameters.flatMap(({ name }) => Array.from(stored.get(name)?.values ?? [])))
  const start = flat(readSafetensors(file('model.safetensors')))

  test(`trainGraph() of all weights gives the golden loss and gradients of tiny/${model} in float64`, async () => {
    const weights = new Float64Array(batch.rows).fill(1 / batch.rows)
    const made = await runFloat64(checkpoint, trainGraph(checkpoint, 'full', batch, { type: 'float64' }), {
      ...float64Feeds(batch, start),
      weights: { type: 'float64', shape: [batch.rows], data: weights },
    })
    const gradient = made['gradient'] as Float64Array
    assert.ok(off(Number(made['loss']?.[0]), firstLoss) <= 1e-9, `loss ${made['loss']?.[0]}`)
    assert.ok(off(norm(gradient), firstNorm) <= 1e-9, `norm ${norm(gradient)}`)
    // These come from transformers' own float64 model, which computes norms and the loss in float32.
    const stored = readSafetensors(file('gradients.f64.safetensors'))
    for (const { name, offset, size } of layout.parameters) {
      const part = gradient.subarray(offset, offset + size)
      const error = relativeError(part, stored.get(name)?.values ?? [Number.NaN])
      assert.ok(error <= 5e-6, `${name}: relative error ${error}`)
      const marks = apart(part, golden.gradients[name])
      assert.ok(marks <= 1e-9, `${name}: marks off by ${marks}`)
    }
  })

  test(`24 steps of AdamW on all weights of tiny/${model} follow PyTorch's losses, norms and weights`, async () => {
    const steps = createTrainStep(checkpoint, 'full', { device: 'cpu', threads: 1 })
    const parameters = Float32Array.from(start)
    const state = createAdamWState(layout.trained)
    const options = { learningRate: 3e-3, weightDecay: 0.1, clipNorm: 1 }
    assert.equal(golden.steps.length, 24)
    for (const [i, [loss, gradientNorm]] of golden.steps.entries()) {
      const made = await steps.step(batch, parameters)
      const length = adamwStep(parameters, made.gradient, state, options, layout.trained)
      assert.ok(off(made.loss, loss) <= 1e-4, `step ${i + 1}: loss ${made.loss}, expected ${loss}`)
      assert.ok(off(length, gradientNorm) <= 1e-4, `step ${i + 1}: norm ${length}, expected ${gradientNorm}`)
    }
    await steps.release()
    for (const [name, values] of cutWeights(layout, parameters)) {
      const marks = apart(values, golden.weights[name])
      assert.ok(marks <= 1e-4, `${name}: marks off by ${marks}`)
    }
  })

  test(`scoreGraph() of tiny/${model} is the same with its weights from the vector as from disk`, async () => {
    const score = async (tuned: 'full' | undefined) => {
      const feeds = float64Feeds(batch, tuned && start)
      return (await runFloat64(checkpoint, scoreGraph(checkpoint, tuned, batch, 'float64'), feeds))['losses']
    }
    assert.deepEqual(await score('full'), await score(undefined))
  })
}
