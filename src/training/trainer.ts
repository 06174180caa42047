/**
 * A training run as a sequence of updates, each one resumable: whatever the next update depends on is in `TrainState`,
 * so a run continued from a checkpoint gives the same bits as one that never stopped.
 */
import { inputError } from '../core/errors.ts'
import { type AdamWState, adamwStep, createAdamWState, type Stretch, trainedSize } from './adamw.ts'
import type { Batch } from './batch.ts'
import { learningRateAt } from './schedule.ts'
import { checkUpdateOptions, type UpdateOptions } from './train-options.ts'
import type { UpdateSource } from './training-data.ts'

/** Loss and its gradient over the trained parameters for one batch; `seed` decides the dropout masks. */
export type GradientStep = (
  batch: Batch,
  parameters: Float32Array,
  seed: string,
) => Promise<{ readonly loss: number; readonly gradient: Float32Array }>

/** A checkpoint. Plain data: it can be cloned, sent to another process and stored. */
export interface TrainState {
  readonly parameters: Float32Array
  readonly m: Float32Array
  readonly v: Float32Array
  /** Loss of each update made; their number is the position in the run. */
  readonly losses: readonly number[]
}

export interface TrainerStep {
  /** From 1. */
  readonly step: number
  readonly steps: number
  readonly loss: number
  /** Before clipping. */
  readonly gradientNorm: number
  /** Labelled tokens. */
  readonly tokens: number
}

export interface Trainer {
  readonly steps: number
  done(): boolean
  /** Makes the next update. */
  step(): Promise<TrainerStep>
  /** A copy of where the run stands. */
  state(): TrainState
}

export interface TrainerInput {
  readonly data: UpdateSource
  readonly init: Float32Array
  /** What of the vector is trained. */
  readonly trained: readonly Stretch[]
  readonly options: UpdateOptions
  readonly gradientStep: GradientStep
  readonly resume?: TrainState
}

export function createTrainer({ data, init, trained, options, gradientStep, resume }: TrainerInput): Trainer {
  checkUpdateOptions(options)
  const { steps } = data
  if (resume !== undefined) checkResume(resume, init.length, trainedSize(trained), steps)
  const parameters = (resume?.parameters ?? init).slice()
  const losses = [...(resume?.losses ?? [])]
  const optimizer: AdamWState =
    resume === undefined ? createAdamWState(trained) : { m: resume.m.slice(), v: resume.v.slice(), t: losses.length }

  return {
    steps,
    done: () => losses.length === steps,
    state: () => ({
      parameters: parameters.slice(),
      m: optimizer.m.slice(),
      v: optimizer.v.slice(),
      losses: [...losses],
    }),
    step: async () => {
      const position = losses.length
      if (position >= steps) throw new RangeError(`Cannot make update ${position + 1}: the run has ${steps}`)
      const seed = `${options.seed}/dropout/${position}`
      const { loss, gradient, tokens } = await accumulated(
        data.batches(position, parameters),
        parameters,
        seed,
        gradientStep,
      )
      const learningRate = learningRateAt(position, steps, options)
      const gradientNorm = adamwStep(parameters, gradient, optimizer, { ...options, learningRate }, trained)
      losses.push(loss)
      return { step: position + 1, steps, loss, gradientNorm, tokens }
    },
  }
}

/** Sums the batches of one update, and counts their labelled tokens. */
async function accumulated(
  batches: Iterable<Batch> | AsyncIterable<Batch>,
  parameters: Float32Array,
  seed: string,
  gradientStep: GradientStep,
): Promise<{ loss: number; gradient: Float32Array; tokens: number }> {
  let [loss, tokens, index] = [0, 0, 0]
  let sum: Float32Array | undefined
  for await (const batch of batches) {
    const part = await gradientStep(batch, parameters, `${seed}.${index++}`)
    loss += part.loss
    for (const weight of batch.weights) if (weight !== 0) tokens += 1
    if (sum === undefined) sum = part.gradient
    else for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + (part.gradient[i] as number)
  }
  return { loss, gradient: sum ?? new Float32Array(), tokens }
}

function checkResume(state: TrainState, size: number, trained: number, steps: number): void {
  const expected = `${size} parameters, ${trained} and ${trained} moments`
  const actual = `${state.parameters.length} parameters, ${state.m.length} and ${state.v.length} moments`
  if (expected === actual && state.losses.length <= steps) return
  throw inputError(
    'training.checkpoint',
    `Cannot resume training: expected ${expected}, at most ${steps} updates, ` +
      `got ${actual}, ${state.losses.length} updates`,
  )
}
