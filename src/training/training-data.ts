/** What a trainer reads: the batches of each update, of samples a function of the update's number alone. */
import { inputError } from '../core/errors.ts'
import type { Batch } from './batch.ts'
import { type BatchPlan, buildBatch, labelledInStep, planBatches } from './batches.ts'
import type { TokenSample } from './token-sample.ts'
import { checkPlanOptions, type PlanOptions } from './train-options.ts'

export interface TrainingData {
  /** Updates. */
  readonly steps: number
  /**
   * Batches of update `position`, from 0: their gradients are added up. The weights of all of them together add up to 1,
   * so that the sum is the gradient of a mean.
   */
  batches(position: number): Iterable<Batch>
}

/** What a trainer reads, in general: what comes next may have to be found out, and depend on what has been learned. */
export interface UpdateSource {
  readonly steps: number
  /** Of update `position`, from 0: their gradients are added up. `parameters` are those that it will change. */
  batches(position: number, parameters: Float32Array): Iterable<Batch> | AsyncIterable<Batch>
}

/** Samples, each read once an epoch, as planned by batches.ts. */
export function sampleData(
  samples: readonly TokenSample[],
  options: PlanOptions,
): TrainingData & Pick<BatchPlan, 'tokens'> {
  checkPlanOptions(options)
  if (samples.length === 0) throw inputError('training.no-samples', 'Cannot train: expected one sample or more, got 0')
  const { steps, tokens } = planBatches(samples, options)
  return {
    steps: steps.length,
    tokens,
    *batches(position) {
      const planned = steps[position] ?? []
      const labelled = labelledInStep(samples, planned)
      for (const batch of planned) yield buildBatch(samples, batch, 1 / labelled)
    },
  }
}
