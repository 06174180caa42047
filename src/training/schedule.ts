/** The learning rate of each step: linear warm-up, then constant or half a cosine down to zero. */
export interface ScheduleOptions {
  readonly learningRate: number
  readonly warmupSteps: number
  readonly schedule: 'constant' | 'cosine'
}

/** `step` counts updates from 0 to `steps` - 1. */
export function learningRateAt(step: number, steps: number, options: ScheduleOptions): number {
  const { learningRate, warmupSteps, schedule } = options
  if (step < warmupSteps) return (learningRate * (step + 1)) / warmupSteps
  if (schedule === 'constant') return learningRate
  return learningRate * 0.5 * (1 + Math.cos((Math.PI * (step - warmupSteps)) / (steps - warmupSteps)))
}
