/** The clock of one machine in a virtual world: it can be stopped, set forward, and taken away with all that waits on it. */
import type { Clock } from './ports.ts'
import { sleepUntilWoken, type VirtualClock } from './virtual-clock.ts'

export interface LocalClock extends Clock {
  /** As SIGSTOP: time goes on and nothing runs. What falls due meanwhile runs at `resume`, in its order. */
  pause(): void
  resume(): void
  /** As a machine that wakes from sleep: it is later at once, and whoever was to wake by then wakes. */
  jump(ms: number): void
  /** As kill -9: nothing that waits ever goes on. */
  stop(): void
  /** Runs this now, when the machine goes on, or never: whatever reaches it from outside comes through here. */
  whenRunning(run: () => void): void
}

interface Timer {
  readonly due: number
  readonly wake: () => void
  disarm: () => void
}

export function createLocalClock(world: VirtualClock): LocalClock {
  const timers = new Set<Timer>()
  let offset = 0
  let stopped = false
  /** Waits for the machine to go on; undefined while it runs. */
  let held: (() => void)[] | undefined

  const now = (): number => world.now() + offset
  const whenRunning = (run: () => void): void => {
    if (stopped) return
    if (held === undefined) run()
    else held.push(run)
  }
  const schedule = (timer: Timer): void => {
    timer.disarm = world.later(timer.due - now(), () => whenRunning(() => timers.delete(timer) && timer.wake()))
  }
  const arm = (ms: number, wake: () => void): (() => void) => {
    const timer: Timer = { due: now() + Math.max(0, ms), wake, disarm: () => {} }
    if (stopped) return timer.disarm
    timers.add(timer)
    schedule(timer)
    return () => {
      timer.disarm()
      timers.delete(timer)
    }
  }
  return {
    now,
    whenRunning,
    later: arm,
    sleep: (ms, signal) => sleepUntilWoken((wake) => arm(ms, wake), signal),
    pause() {
      held ??= []
    },
    resume() {
      const waiting = held ?? []
      held = undefined
      for (const run of waiting) whenRunning(run)
    },
    jump(ms) {
      offset += ms
      for (const timer of timers) {
        timer.disarm()
        schedule(timer)
      }
    },
    stop() {
      stopped = true
      held = undefined
      for (const { disarm } of timers) disarm()
      timers.clear()
    },
  }
}
