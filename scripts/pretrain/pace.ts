/** What a pre-training run says of itself while it goes on. */
import type { TrainerStep } from '../../src/training/trainer.ts'
import type { Measured } from './pretrain.ts'

/** Updates that the speed is taken over: a busy machine changes from hour to hour. */
const window = 50

/** The line after each update. */
export function createPace(begun: number): (step: TrainerStep, measured: Measured, now: number) => string {
  let times = [begun]
  let lastHeldOut: number | undefined
  return ({ step, steps, loss, tokens }, { heldOut, practised }, now) => {
    times = [...times, now].slice(-window - 1)
    lastHeldOut = heldOut ?? lastHeldOut
    const seconds = (now - (times[0] as number)) / 1000 / (times.length - 1)
    const parts = [
      `update ${step}/${steps}`,
      `loss ${loss.toFixed(3)}`,
      ...(lastHeldOut === undefined ? [] : [`held out ${lastHeldOut.toFixed(3)}`]),
      ...shareOf(practised?.right, 'lines'),
      ...shareOf(practised?.answered, 'answers'),
      `${Math.round(tokens / seconds)} tokens/s`,
      `${duration((steps - step) * seconds)} left`,
    ]
    return parts.join(', ')
  }
}

function shareOf(right: number | undefined, things: string): string[] {
  return right === undefined ? [] : [`${Math.round(100 * right)} % of its ${things} right`]
}

/** `5 h 12 min`, `12 min`, `40 s`. */
export function duration(seconds: number): string {
  if (seconds < 90) return `${Math.round(seconds)} s`
  const minutes = Math.round(seconds / 60)
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`
}
