/** The machine's monotonic clock, in Unix milliseconds: events of several processes share one time axis. */
import { setTimeout } from 'node:timers/promises'
import type { Clock } from '../kernel/ports.ts'

export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => setTimeout(ms, undefined, signal === undefined ? {} : { signal }),
}
