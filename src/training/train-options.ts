/** The numbers of a training run, checked before anything is computed. */
import { inputError } from '../core/errors.ts'
import type { ScheduleOptions } from './schedule.ts'

/** How samples become batches. */
export interface PlanOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly accumulate: number
  readonly seed: string
}

/** How gradients become updates. */
export interface UpdateOptions extends ScheduleOptions {
  readonly weightDecay: number
  readonly clipNorm: number
  readonly beta2?: number
  /** Of the dropout masks. */
  readonly seed: string
}

const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1

/** Throws `training.options`, naming the option, what it may be and what it was. */
export function checkPlanOptions(options: PlanOptions): void {
  for (const name of ['epochs', 'batchSize', 'accumulate'] as const)
    demand(name, options[name], 'an integer from 1', isCount)
}

/** Throws as `checkPlanOptions` does. */
export function checkUpdateOptions(options: UpdateOptions): void {
  const { warmupSteps, learningRate, weightDecay, clipNorm, beta2 = 0.999 } = options
  demand('warmupSteps', warmupSteps, 'an integer from 0', (value) => Number.isSafeInteger(value) && value >= 0)
  demand('learningRate', learningRate, 'above 0', (value) => value > 0 && Number.isFinite(value))
  demand('weightDecay', weightDecay, 'from 0', (value) => value >= 0 && Number.isFinite(value))
  demand('clipNorm', clipNorm, 'above 0', (value) => value > 0)
  demand('beta2', beta2, 'from 0 and below 1', (value) => value >= 0 && value < 1)
}

function demand(name: string, value: number, expected: string, good: (value: number) => boolean): void {
  if (good(value)) return
  throw inputError('training.options', `Cannot train: expected ${name} to be ${expected}, got ${value}`)
}
