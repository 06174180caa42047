/** The learning rate of each step: linear warm-up, then constant or half a cosine down to zero; a last stretch linear. */
export interface ScheduleOptions {
  readonly learningRate: number
  readonly warmupSteps: number
  readonly schedule: 'constant' | 'cosine'
  /** Updates that half a cosine takes, where the run ends before; all of the run otherwise. */
  readonly cosineSteps?: number
  /** Last updates, over which the rate goes down to zero in equal steps, too (Hägele et al. 2024, arXiv 2405.18392). */
  readonly cooldownSteps?: number
}

/** `step` counts updates from 0 to `steps` - 1. */
export function learningRateAt(step: number, steps: number, options: ScheduleOptions): number {
  const { learningRate, warmupSteps, schedule, cosineSteps = steps, cooldownSteps = 0 } = options
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps
  const left = cooldownSteps > 0 ? Math.min(1, (steps - step) / cooldownSteps) : 1
  if (schedule === 'constant') return learningRate * left
  return learningRate * left * 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (cosineSteps - warmupSteps)))
}
