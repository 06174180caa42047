import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { test } from 'node:test'
import { adapterLayout } from '../../src/lora/layout.ts'
import { readPeftAdapter } from '../../src/lora/peft.ts'
import { peftTensorName } from '../../src/lora/peft-names.ts'
import type { Batch } from '../../src/training/batch.ts'
import { createTrainStep, type TrainStep } from '../../src/training/train-step.ts'
import { readSafetensors } from '../golden/safetensors.ts'
import { flatten, relativeError, toBatch } from '../golden/tiny.ts'
import { skipReason, smollm2, smollm2Golden } from './smollm2.ts'

const tolerance = 1e-3

function goldenBatch(): Batch {
  const { ids, labels } = JSON.parse(readFileSync(join(String(smollm2Golden), 'adapter-qv8/loss.json'), 'utf8'))
  return toBatch(ids, labels)
}

async function withAdapter(name: string, use: (steps: TrainStep, parameters: Float32Array) => Promise<void>) {
  const checkpoint = await smollm2()
  const { config, parameters } = await readPeftAdapter(join(String(smollm2Golden), name), checkpoint.config)
  const steps = createTrainStep(checkpoint, config, { trainable: 'AB', dropout: 0, device: 'cpu', threads: 2 })
  try {
    await use(steps, parameters)
  } finally {
    await steps.release()
  }
}

for (const name of ['adapter-qv8', 'adapter-all4']) {
  test(`TrainStep.step() gives the golden loss and gradients of ${name} on SmolLM2`, { skip: skipReason }, () =>
    withAdapter(name, async (steps, parameters) => {
      const folder = join(String(smollm2Golden), name)
      const golden: { loss: number; norms?: Record<string, number> } = JSON.parse(
        readFileSync(join(folder, 'loss.json'), 'utf8'),
      )
      const checkpoint = await smollm2()
      const { config } = await readPeftAdapter(folder, checkpoint.config)
      const stored = readSafetensors(join(folder, 'gradients.safetensors'))
      const expected = flatten(checkpoint, config, stored)
      const { loss, gradient } = await steps.step(goldenBatch(), parameters)
      assert.ok(Math.abs(loss - golden.loss) <= tolerance, `loss ${loss}, golden ${golden.loss}`)
      let compared = 0
      for (const factor of adapterLayout(config, checkpoint.config).factors) {
        const tensor = peftTensorName(factor)
        const part = gradient.subarray(factor.offset, factor.offset + factor.size)
        if (stored.has(tensor)) {
          const error = relativeError(part, expected.subarray(factor.offset, factor.offset + factor.size))
          assert.ok(error <= tolerance, `${tensor}: relative error ${error}`)
          compared += 1
        }
        const norm = golden.norms?.[tensor]
        if (norm !== undefined)
          assert.ok(Math.abs(Math.hypot(...part) / norm - 1) <= tolerance, `${tensor}: norm ${Math.hypot(...part)}`)
      }
      assert.equal(compared, stored.size)
    }),
  )
}

test(
  'TrainStep.step() gives one loss and gradient whether unlabelled rows are left out or weigh 0',
  {
    skip: skipReason,
  },
  () =>
    withAdapter('adapter-qv8', async (steps, parameters) => {
      const batch = goldenBatch()
      const rows = batch.batch * batch.length
      const weights = new Float32Array(rows)
      const labels = new Int32Array(rows)
      batch.positions.forEach((position, i) => {
        weights[position] = batch.weights[i] as number
        labels[position] = batch.labels[i] as number
      })
      const positions = Int32Array.from({ length: rows }, (_, i) => i)
      const few = await steps.step(batch, parameters)
      const all = await steps.step({ ...batch, rows, weights, labels, positions }, parameters)
      assert.ok(Math.abs(few.loss - all.loss) <= 1e-5, `${few.loss} and ${all.loss}`)
      const error = relativeError(all.gradient, few.gradient)
      assert.ok(error <= 1e-5, `relative error ${error}`)
    }),
)

test('TrainStep.score() adds up to the golden loss on SmolLM2', { skip: skipReason }, () =>
  withAdapter('adapter-qv8', async (steps, parameters) => {
    const batch = goldenBatch()
    const golden = JSON.parse(readFileSync(join(String(smollm2Golden), 'adapter-qv8/loss.json'), 'utf8')).loss
    const losses = await steps.score(batch, parameters)
    const mean = losses.reduce((sum, loss) => sum + loss, 0) / batch.rows
    assert.ok(Math.abs(mean - golden) <= tolerance, `mean ${mean}, golden ${golden}`)
  }),
)
