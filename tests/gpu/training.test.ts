import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { createTrainStep, type TrainStep, type TrainStepOptions } from '../../src/training/train-step.ts'
import { readSafetensors } from '../golden/safetensors.ts'
import { flatten, relativeError, tinyCheckpoint, tinyFolder, tinyLora, tinyModels, toBatch } from '../golden/tiny.ts'

/** float32 against float64 golden values, and against the processor's float32. */
const tolerance = 1e-4
const onProcessor = { trainable: 'AB', dropout: 0, device: 'cpu', threads: 1 } as const
/** With no node on the processor. */
const onDevice = { ...onProcessor, device: 'webgpu', strict: true } as const

for (const model of tinyModels) {
  const checkpoint = await tinyCheckpoint(model)
  const golden = JSON.parse(readFileSync(join(tinyFolder(model), 'loss.json'), 'utf8'))
  const stored = (name: string) =>
    flatten(checkpoint, tinyLora, readSafetensors(join(tinyFolder(model), 'adapter', name)))
  const batch = toBatch(golden.ids, golden.labels)
  const parameters = Float32Array.from(stored('adapter_model.safetensors'))
  const using = async <T>(options: TrainStepOptions, use: (steps: TrainStep) => Promise<T>): Promise<T> => {
    const steps = createTrainStep(checkpoint, tinyLora, options)
    try {
      return await use(steps)
    } finally {
      await steps.release()
    }
  }

  test(`TrainStep.step() on webgpu gives the golden loss and gradient of tiny/${model}, and the processor's`, async (t) => {
    const step = (steps: TrainStep) => steps.step(batch, parameters)
    const actual = await using(onDevice, step)
    const processor = await using(onProcessor, step)
    for (const [expected, loss, gradient] of [
      ['golden', golden.loss_with_adapter, stored('gradients.f64.safetensors')],
      ['processor', processor.loss, processor.gradient],
    ] as const) {
      const error = relativeError(actual.gradient, gradient)
      t.diagnostic(`gradient: relative error ${error.toPrecision(2)} to ${expected}`)
      assert.ok(Math.abs(actual.loss / loss - 1) <= tolerance, `loss: ${expected} ${loss}, webgpu ${actual.loss}`)
      assert.ok(error <= tolerance, `gradient: relative error ${error} to ${expected}`)
    }
  })

  if (model !== 'llama') continue

  test('TrainStep.step() on webgpu drops out what the processor does, and freezes A', async () => {
    const step = (steps: TrainStep) => steps.step(batch, parameters, 'seed')
    const rest = { dropout: 0.2, trainable: 'B' } as const
    const actual = await using({ ...onDevice, ...rest }, step)
    const expected = await using({ ...onProcessor, ...rest }, step)
    const error = relativeError(actual.gradient, expected.gradient)
    assert.equal(actual.gradient.length, expected.gradient.length)
    assert.ok(Math.abs(actual.loss / expected.loss - 1) <= tolerance, `loss ${expected.loss}, webgpu ${actual.loss}`)
    assert.ok(error <= tolerance, `gradient: relative error ${error}`)
  })

  test("TrainStep.score() on webgpu gives the processor's loss of each row, with and without an adapter", async () => {
    for (const adapter of [parameters, undefined]) {
      const score = (steps: TrainStep) => steps.score(batch, adapter)
      const error = relativeError(await using(onDevice, score), await using(onProcessor, score))
      assert.ok(error <= tolerance, `relative error ${error}`)
    }
  })
}
