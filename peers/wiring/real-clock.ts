/** The machine's monotonic clock. */
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../kernel/ports.ts'

export const realClock: Clock = {
  now: () => performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
}
