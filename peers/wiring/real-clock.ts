/** The machine's monotonic clock, in Unix milliseconds: events of several processes share one time axis. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Clock } from '../kernel/ports.ts'

export const realClock: Clock = {
  now: () => performance.timeOrigin + performance.now(),
  sleep: (ms, signal) => sleep(ms, undefined, signal === undefined ? {} : { signal }),
  later(ms, run) {
    const timer = setTimeout(run, ms)
    return () => clearTimeout(timer)
  },
}
