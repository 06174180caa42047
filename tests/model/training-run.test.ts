/** Training the real model against the reference: 24 updates of PyTorch and PEFT from the same adapter. */
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { adapterLayout } from '../../src/lora/layout.ts'
import { readPeftAdapter } from '../../src/lora/peft.ts'
import { peftTensorName } from '../../src/lora/peft-names.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import { adamwStep, createAdamWState } from '../../src/training/adamw.ts'
import { learningRateAt } from '../../src/training/schedule.ts'
import { createTrainStep } from '../../src/training/train-step.ts'
import { goldenFolder } from '../golden/folder.ts'
import { cacheFolder, modelAbsent, modelPath } from '../golden/model-path.ts'
import { toBatch } from '../golden/tiny.ts'

interface Run {
  readonly batches: readonly { readonly ids: number[][]; readonly labels: number[][] }[]
  readonly steps: readonly { readonly lr: number; readonly loss: number; readonly gradient_l2: number }[]
  readonly final_norms: Readonly<Record<string, number>>
}

test(
  '24 updates give the losses, gradient norms and final adapter of PyTorch and PEFT',
  { skip: modelAbsent },
  async () => {
    const folder = join(goldenFolder, 'smollm2', 'training')
    const run = JSON.parse(await readFile(join(folder, 'run.json'), 'utf8')) as Run
    const checkpoint = await openCheckpoint(modelPath, cacheFolder)
    const { config, parameters } = await readPeftAdapter(join(folder, 'start'), checkpoint.config)
    const layout = adapterLayout(config, checkpoint.config)
    const trainStep = createTrainStep(checkpoint, config, { trainable: 'AB', dropout: 0, device: 'cpu', threads: 2 })
    try {
      const batches = run.batches.map(({ ids, labels }) => toBatch(ids, labels))
      const optimizer = createAdamWState(layout.factors)
      for (const [index, expected] of run.steps.entries()) {
        const batch = batches[index % batches.length]
        assert.ok(batch !== undefined)
        const { loss, gradient } = await trainStep.step(batch, parameters)
        const schedule = { learningRate: 2e-3, warmupSteps: 4, schedule: 'cosine' } as const
        const learningRate = learningRateAt(index, run.steps.length, schedule)
        assert.ok(Math.abs(learningRate - expected.lr) < 1e-12, `rate of step ${index}`)
        const options = { learningRate, weightDecay: 0.01, clipNorm: 1 }
        const norm = adamwStep(parameters, gradient, optimizer, options, layout.factors)
        const tolerance = index < 5 ? 1e-3 : 0.02 * expected.loss
        assert.ok(Math.abs(loss - expected.loss) <= tolerance, `loss of step ${index}: ${loss}, not ${expected.loss}`)
        const far = Math.abs(norm - expected.gradient_l2) / expected.gradient_l2
        assert.ok(far < 0.02, `gradient norm of step ${index}: ${norm}, not ${expected.gradient_l2}`)
      }
      for (const factor of layout.factors) {
        const values = parameters.subarray(factor.offset, factor.offset + factor.size)
        const expected = run.final_norms[peftTensorName(factor)] as number
        assert.ok(Math.abs(Math.hypot(...values) - expected) / expected < 0.02, `final norm of ${factor.name}`)
      }
    } finally {
      await trainStep.release()
    }
  },
)
