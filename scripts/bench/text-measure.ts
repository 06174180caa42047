/** Trains on real text: uneven lengths, labels on responses only. Counts tokens that were read, not padding. */
import type { LoraConfig } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import type { Provider } from '../../src/onnx/session.ts'
import type { TokenSample } from '../../src/training/token-sample.ts'
import { createTrainStep } from '../../src/training/train-step.ts'
import { createTrainer } from '../../src/training/trainer.ts'
import { sampleData } from '../../src/training/training-data.ts'
import { mapSummary, milliseconds, type Summary, summarize } from './timings.ts'

export interface TextBench {
  readonly samples: number
  /** Of the epochs with all sessions made; the first epoch, which makes them, is given apart. */
  readonly tokensPerSecond: Summary
  readonly firstEpochTokensPerSecond: number
  /** Positions computed, padding included, over tokens read. */
  readonly computedPerToken: number
  readonly labelled: number
  /** Mean of a labelled token over the last epoch: who trains the same samples in the same way has nearly the same. */
  readonly loss: number
  /** Highest resident memory of the process, in MB (10⁶ bytes). */
  readonly peakMemoryMB: number
}

export interface TextBenchOptions {
  readonly checkpoint: Checkpoint
  readonly lora: LoraConfig
  readonly samples: readonly TokenSample[]
  readonly batchSize: number
  readonly epochs: number
  readonly device: Provider
  readonly threads: number
  readonly note: (line: string) => void
}

export async function measureText(options: TextBenchOptions): Promise<TextBench> {
  const { checkpoint, lora, samples, batchSize, epochs, device, threads, note } = options
  const steps = createTrainStep(checkpoint, lora, { trainable: 'AB', dropout: 0, device, threads, sessions: 16 })
  try {
    const { parameters } = createAdapter(lora, checkpoint.config, 'bench')
    const data = sampleData(samples, { epochs: epochs + 1, batchSize, accumulate: 1, seed: 'bench' })
    const trainer = createTrainer({
      data,
      init: parameters,
      trained: [{ offset: 0, size: parameters.length }],
      options: {
        learningRate: 1e-4,
        warmupSteps: 0,
        schedule: 'constant',
        weightDecay: 0.01,
        clipNorm: 1,
        seed: 'bench',
      },
      gradientStep: (batch, adapter, seed) => steps.step(batch, adapter, seed),
    })
    const perEpoch = trainer.steps / (epochs + 1)
    const seconds: number[] = []
    let loss = 0
    for (let epoch = 0; epoch <= epochs; epoch++) {
      let [sum, labelled] = [0, 0]
      const ms = await milliseconds(async () => {
        for (let i = 0; i < perEpoch; i++) {
          const step = await trainer.step()
          sum += step.loss * step.tokens
          labelled += step.tokens
        }
      })
      loss = sum / labelled
      seconds.push(ms / 1e3)
      note(`epoch ${epoch}: ${(ms / 1e3).toFixed(1)} s, loss ${loss.toFixed(3)}`)
    }
    const { fed, computed, labelled } = data.tokens
    const tokens = fed / (epochs + 1)
    return {
      samples: samples.length,
      tokensPerSecond: mapSummary(summarize(seconds.slice(1)), (time) => tokens / time),
      firstEpochTokensPerSecond: tokens / (seconds[0] as number),
      computedPerToken: computed / fed,
      labelled: labelled / (epochs + 1),
      loss,
      peakMemoryMB: (process.resourceUsage().maxRSS * 1024) / 1e6,
    }
  } finally {
    await steps.release()
  }
}
