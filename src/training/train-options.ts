/** The numbers of a training run, checked before anything is computed. */
import { inputError } from '../core/errors.ts'
import type { ScheduleOptions } from './schedule.ts'

export interface TrainerOptions extends ScheduleOptions {
  readonly epochs: number
  readonly batchSize: number
  readonly accumulate: number
  readonly weightDecay: number
  readonly clipNorm: number
  readonly seed: string
}

/** Throws `training.options`, naming the option, what it may be and what it was. */
export function checkTrainerOptions(options: TrainerOptions): void {
  const demand = (name: keyof TrainerOptions, expected: string, good: (value: number) => boolean): void => {
    const value = Number(options[name])
    if (good(value)) return
    throw inputError('training.options', `Cannot train: expected ${name} to be ${expected}, got ${value}`)
  }
  const isCount = (value: number): boolean => Number.isSafeInteger(value) && value >= 1
  for (const name of ['epochs', 'batchSize', 'accumulate'] as const) demand(name, 'an integer from 1', isCount)
  demand('warmupSteps', 'an integer from 0', (value) => Number.isSafeInteger(value) && value >= 0)
  demand('learningRate', 'above 0', (value) => value > 0 && Number.isFinite(value))
  demand('weightDecay', 'from 0', (value) => value >= 0 && Number.isFinite(value))
  demand('clipNorm', 'above 0', (value) => value > 0)
}
