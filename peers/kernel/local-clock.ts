/** The clock of one machine in a virtual world: it can be stopped, set forward, and taken away with all that waits on it. */
import type { Clock } from './ports.ts'
import { type Sleeper, sleepUntilWoken, type VirtualClock } from './virtual-clock.ts'

export interface LocalClock extends Clock {
  /** As SIGSTOP: time goes on and nothing runs. What falls due meanwhile runs at `resume`, in its order. */
  pause(): void
  resume(): void
  /** As a machine that wakes from sleep: it is later at once, and whoever was to wake by then wakes, in its order. */
  jump(ms: number): void
  /** As kill -9: nothing that waits ever goes on. */
  stop(): void
  /** Runs this now, when the machine goes on, or never: whatever reaches it from outside comes through here. */
  whenRunning(run: () => void): void
}

/** In a ring of all that wait on one machine, in the order of asking: what comes and goes this often is worth no set. */
class Timer implements Sleeper {
  order = 0
  before: Timer = this
  after: Timer = this
  readonly due: number
  readonly run: () => void
  readonly fall: (timer: Timer) => void

  /** `fall`: what happens when it falls due. */
  constructor(due: number, run: () => void, fall: (timer: Timer) => void) {
    this.due = due
    this.run = run
    this.fall = fall
  }

  join(end: Timer): void {
    this.before = end.before
    this.after = end
    end.before.after = this
    end.before = this
  }

  /** False: it is not in the ring. */
  leave(): boolean {
    if (this.after === this) return false
    this.before.after = this.after
    this.after.before = this.before
    this.before = this
    this.after = this
    return true
  }

  wake(): void {
    this.fall(this)
  }
}

export function createLocalClock(world: VirtualClock): LocalClock {
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
  const run = (timer: Timer): void => {
    if (timer.leave()) timer.run()
  }
  const fall = (timer: Timer): void => {
    if (held === undefined && !stopped) run(timer)
    else whenRunning(() => run(timer))
  }
  /** Where the ring begins and ends. */
  const ring = new Timer(0, () => {}, fall)
  const disarm = (timer: Timer): void => {
    world.disarm(timer)
    timer.leave()
  }
  const arm = (ms: number, wake: () => void): Timer => {
    const timer = new Timer(now() + Math.max(0, ms), wake, fall)
    if (!stopped) {
      timer.join(ring)
      world.arm(timer, timer.due - now())
    }
    return timer
  }
  const later = (ms: number, run: () => void): (() => void) => {
    const timer = arm(ms, run)
    return () => disarm(timer)
  }
  return {
    now,
    whenRunning,
    later,
    sleep: (ms, signal) =>
      signal === undefined
        ? new Promise((resolve) => void arm(ms, resolve))
        : sleepUntilWoken((wake) => later(ms, wake), signal),
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
      const timers: Timer[] = []
      for (let timer = ring.after; timer !== ring; timer = timer.after) timers.push(timer)
      // All that are overdue by now wake at once, in the order of asking: so the first to fall due asks first.
      for (const timer of timers.sort((a, b) => a.due - b.due)) world.arm(timer, timer.due - now())
    },
    stop() {
      stopped = true
      held = undefined
      while (ring.after !== ring) disarm(ring.after)
    },
  }
}
