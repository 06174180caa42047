/** Time that stands still while there is something to do, and jumps to the next sleeper when there is not. */
import { localError } from '../../src/core/errors.ts'
import { createHeap } from './heap.ts'
import type { Clock } from './ports.ts'

export interface VirtualClock extends Clock {
  /** Lets time pass until the promise settles. Throws `clock.dead-lock` when nobody sleeps and it has not. */
  until<T>(promise: Promise<T>): Promise<T>
  /** Lets this much time pass. */
  advance(ms: number): Promise<void>
  /** Time stands still until this, which is of the real world, has settled. Gives it back. */
  hold<T>(work: Promise<T>): Promise<T>
}

interface Sleeper {
  readonly at: number
  /** Of asking, among equals. */
  readonly order: number
  /** Undefined once it was taken back: it stays in the heap for a while. */
  wake: (() => void) | undefined
}

export function createVirtualClock(): VirtualClock {
  const sleepers = createHeap<Sleeper>((a, b) => a.at < b.at || (a.at === b.at && a.order < b.order))
  const held = new Set<Promise<void>>()
  let now = 0
  let order = 0
  /** Taken back and still in the heap. */
  let gone = 0

  const later = (ms: number, wake: () => void): (() => void) => {
    order += 1
    const sleeper: Sleeper = { at: now + Math.max(0, ms), order, wake }
    sleepers.push(sleeper)
    return () => {
      if (sleeper.wake === undefined) return
      sleeper.wake = undefined
      gone += 1
      // Most timers are for what does not happen; those that are due late would fill the heap.
      if (gone > sleepers.size / 2) {
        sleepers.keep(({ wake }) => wake !== undefined)
        gone = 0
      }
    }
  }

  /** Wakes the next sleeper that is due by `limit`; false: there is none. */
  const wakeNext = (limit: number): boolean => {
    for (let next = sleepers.peek(); next !== undefined && next.at <= limit; next = sleepers.peek()) {
      sleepers.pop()
      const { wake } = next
      if (wake === undefined) {
        gone -= 1
        continue
      }
      next.wake = undefined
      now = next.at
      wake()
      return true
    }
    return false
  }

  return {
    now: () => now,
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
