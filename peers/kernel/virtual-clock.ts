/** Time that stands still while there is something to do, and jumps to the next sleeper when there is not. */
import { localError } from '../../src/core/errors.ts'
import { DueHeap } from './due-heap.ts'
import type { Clock } from './ports.ts'

export interface VirtualClock extends Clock {
  /** Wakes this after `ms`, in the place of any earlier time that it waited for. */
  arm(sleeper: Sleeper, ms: number): void
  disarm(sleeper: Sleeper): void
  /** Lets time pass until the promise settles. Throws `clock.dead-lock` when nobody sleeps and it has not. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Lets this much time pass. */
  advance(ms: number): Promise<void>
  /** Time stands still until this, which is of the real world, has settled. Gives it back. */
  hold<T>(work: Promise<T>): Promise<T>
}

/** One object for each that waits, because thousands do. */
export interface Sleeper {
  /** Of asking, among all; 0 while it waits for nothing. The clock's alone. */
  order: number
  wake(): void
}

export function createVirtualClock(): VirtualClock {
  /** What was taken back or has another time by now stays for a while, under its old order. */
  const sleepers = new DueHeap<Sleeper>()
  const held = new Set<Promise<void>>()
  let now = 0
  let order = 0
  /** Taken back and still in the heap. */
  let gone = 0

  const arm = (sleeper: Sleeper, ms: number): void => {
    if (sleeper.order !== 0) gone += 1
    order += 1
    sleeper.order = order
    sleepers.push(now + Math.max(0, ms), order, sleeper)
  }
  const disarm = (sleeper: Sleeper): void => {
    if (sleeper.order === 0) return
    sleeper.order = 0
    gone += 1
    // Most timers are for what does not happen; those that are due late would fill the heap.
    if (gone > sleepers.size / 2) {
      sleepers.keep((sleeper, order) => sleeper.order === order)
      gone = 0
    }
  }
  const later = (ms: number, wake: () => void): (() => void) => {
    const sleeper = { order: 0, wake }
    arm(sleeper, ms)
    return () => disarm(sleeper)
  }

  /** Wakes the next sleeper that is due by `limit`; false: there is none. */
  const wakeNext = (limit: number): boolean => {
    while (sleepers.size > 0 && sleepers.time <= limit) {
      const { time, order } = sleepers
      const next = sleepers.pop() as Sleeper
      if (next.order !== order) {
        gone -= 1
        continue
      }
      next.order = 0
      now = time
      next.wake()
      return true
    }
    return false
  }

  return {
    now: () => now,
    arm,
    disarm,
    later,
    hold(work) {
      const forget = (): unknown => held.delete(over)
      const over: Promise<void> = work.then(forget, forget).then(() => {})
      held.add(over)
      return work
    },
    sleep: (ms, signal) => sleepUntilWoken((wake) => later(ms, wake), signal),
    async until(promise) {
      let settled = false
      const mark = (): void => {
        settled = true
      }
      promise.then(mark, mark)
      await inTurns(held, () => {
        if (settled) return false
        if (wakeNext(Number.POSITIVE_INFINITY)) return true
        throw localError('clock.dead-lock', `Cannot go on at ${now} ms: somebody is awaited, and nobody sleeps`)
      })
      return promise
    },
    async advance(ms) {
      const end = now + ms
      await inTurns(held, () => wakeNext(end))
      now = end
    },
  }
}

/** A sleep that `arm` ends, or the signal; `arm` returns what takes its waking back. */
export function sleepUntilWoken(arm: (wake: () => void) => () => void, signal?: AbortSignal): Promise<void> {
  if (signal === undefined) return new Promise((resolve) => void arm(resolve))
  return new Promise((resolve, reject) => {
    if (signal.aborted) return reject(signal.reason)
    const disarm = arm(() => {
      signal.removeEventListener('abort', aborted)
      resolve()
    })
    const aborted = (): void => {
      disarm()
      reject(signal.reason)
    }
    signal.addEventListener('abort', aborted, { once: true })
  })
}

/** Turns for which the event loop goes round once: going round costs more than most turns do. */
const turnsPerLoop = 64

/**
 * Takes turns until one gives false. Each is a macrotask, so before it all promise reactions have run: between two wakings
 * everybody has gone as far as they can, always in the same order, as long as nobody awaits anything of the real world.
 * While something is `held` there are no turns.
 */
function inTurns(held: ReadonlySet<Promise<void>>, turn: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let over = false
    const end = (settle: () => void): void => {
      over = true
      settle()
    }
    const take = (): void => {
      if (over || held.size > 0) return
      try {
        if (!turn()) end(resolve)
      } catch (error) {
        end(() => reject(error))
      }
    }
    const takeMany = (): void => {
      if (held.size > 0) {
        void Promise.all(held).then(() => setImmediate(takeMany))
        return
      }
      for (let i = 0; i < turnsPerLoop && !over; i++) setImmediate(take)
      if (!over) setImmediate(takeMany)
    }
    takeMany()
  })
}
