/** Measures training steps in this process: the step alone first (for its peak memory), then turn about with the rest. */
import { createRandom } from '../../src/core/random.ts'
import type { LoraConfig } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import type { Provider } from '../../src/onnx/session.ts'
import { adamwStep, createAdamWState } from '../../src/training/adamw.ts'
import type { Batch } from '../../src/training/batch.ts'
import type { Bucket } from '../../src/training/graph.ts'
import { createTrainStep } from '../../src/training/train-step.ts'
import { stepFlops } from './flops.ts'
import { matmulFlops, matmulPeak } from './matmul-peak.ts'
import { mapSummary, milliseconds, type Summary, summarize } from './timings.ts'

export interface TrainBenchOptions {
  readonly checkpoint: Checkpoint
  readonly lora: LoraConfig
  readonly bucket: Bucket
  readonly device: Provider
  readonly threads: number
  readonly rounds: number
  /** Training steps alone: no matrix peak, no forward pass. */
  readonly stepOnly: boolean
  readonly note: (line: string) => void
}

export interface Rate {
  readonly ms: Summary
  readonly tokensPerSecond: Summary
  readonly gflops: Summary
}

export interface TrainBench {
  /** Forward, backward, clipping and AdamW. */
  readonly train: Rate
  /** Highest resident memory of the process after training steps and before everything else, in MB (10⁶ bytes). */
  readonly peakMemoryMB: number
  /** Forward and loss. */
  readonly forward?: Rate
  /** GF/s of 2048³ products: `packed` ahead, and `plain` with both sides as inputs. */
  readonly matmul?: { readonly packed: Summary; readonly plain: Summary }
  /** GF/s of the training step over those of each product: best over best, median over median. */
  readonly ofPeak?: { readonly packed: Summary; readonly plain: Summary }
}

/** Products in a row: the first after a pause runs slower. */
const burst = 4

export async function measureTraining(options: TrainBenchOptions): Promise<TrainBench> {
  const { checkpoint, lora, bucket, device, threads, rounds, stepOnly, note } = options
  const batch = randomBatch(bucket, checkpoint.config.vocabSize)
  const { parameters } = createAdapter(lora, checkpoint.config, 'bench')
  const trained = [{ offset: 0, size: parameters.length }]
  const optimizer = createAdamWState(trained)
  const rates = { learningRate: 1e-4, weightDecay: 0.01, clipNorm: 1 }
  const steps = createTrainStep(checkpoint, lora, { trainable: 'AB', dropout: 0, device, threads })
  const step = async () => {
    const { gradient } = await steps.step(batch, parameters)
    adamwStep(parameters, gradient, optimizer, rates, trained)
  }
  try {
    for (let i = 0; i < 3; i++) note(`warm-up ${i + 1}: ${(await milliseconds(step)).toFixed(0)} ms`)
    const peakMemoryMB = (process.resourceUsage().maxRSS * 1024) / 1e6
    const flops = stepFlops(checkpoint.config, bucket)
    const tokens = bucket.batch * bucket.length
    const rate = (times: number[], operations: number): Rate => {
      const ms = summarize(times)
      return {
        ms,
        tokensPerSecond: mapSummary(ms, (t) => (tokens / t) * 1e3),
        gflops: mapSummary(ms, (t) => operations / t / 1e6),
      }
    }
    if (stepOnly) {
      const times: number[] = []
      for (let i = 0; i < rounds; i++) times.push(await milliseconds(step))
      return { train: rate(times, flops.forward + flops.backward), peakMemoryMB }
    }
    const [packed, plain] = [await matmulPeak(device, threads, true), await matmulPeak(device, threads, false)]
    const forward = () => steps.score(batch, parameters)
    await forward()
    const times = { train: [] as number[], forward: [] as number[], packed: [] as number[], plain: [] as number[] }
    for (let i = 0; i < rounds; i++) {
      for (let j = 0; j < burst; j++) times.packed.push(await milliseconds(packed.run))
      for (let j = 0; j < burst; j++) times.plain.push(await milliseconds(plain.run))
      times.train.push(await milliseconds(step))
      times.forward.push(await milliseconds(forward))
      note(`round ${i + 1} of ${rounds}: step ${times.train.at(-1)?.toFixed(0)} ms`)
    }
    await Promise.all([packed.release(), plain.release()])
    const train = rate(times.train, flops.forward + flops.backward)
    const gflops = (products: number[]) => mapSummary(summarize(products), (t) => matmulFlops / t / 1e6)
    const matmul = { packed: gflops(times.packed), plain: gflops(times.plain) }
    const over = (product: Summary): Summary => ({
      best: train.gflops.best / product.best,
      median: train.gflops.median / product.median,
    })
    const ofPeak = { packed: over(matmul.packed), plain: over(matmul.plain) }
    return { train, peakMemoryMB, forward: rate(times.forward, flops.forward), matmul, ofPeak }
  } finally {
    await steps.release()
  }
}

/** Every position carries a label: the most work that a batch can be. */
function randomBatch(bucket: Bucket, vocabulary: number): Batch {
  const random = createRandom('bench')
  const ids = (length: number) => Int32Array.from({ length }, () => random.below(vocabulary))
  return {
    ...bucket,
    tokens: ids(bucket.batch * bucket.length),
    labels: ids(bucket.rows),
    positions: Int32Array.from({ length: bucket.rows }, (_, i) => i),
    weights: new Float32Array(bucket.rows).fill(1 / bucket.rows),
  }
}
