/** Things done one after the other: what takes time holds up those behind it, and after a failure nothing is done. */
export interface InOrder<T> {
  /** Does these after all that were added before, and not before whoever adds them has gone on. */
  add(things: readonly T[]): void
  /** Resolves when all that were added are done; rejects with what failed, then or before. */
  settled(): Promise<void>
  /** Throws what failed, if anything. */
  check(): void
  /** Is anything still to be done? */
  busy(): boolean
  /** Has something failed? */
  failed(): boolean
  /** Begins anew after a failure; what was dropped stays so. */
  recover(): void
  /** Drops what waits, now and later; what is under way goes on. */
  stop(): void
}

/** `perform` gives a promise where the next thing must wait for it. */
export function inOrder<T>(perform: (thing: T) => Promise<void> | undefined): InOrder<T> {
  /** What was added together is done in one go. */
  const waiting: (readonly T[])[] = []
  let busy = false
  let over = false
  let stopped = false
  let failure: { readonly error: unknown } | undefined
  let watching: (() => void)[] = []

  const end = (): void => {
    over = true
    waiting.length = 0
  }
  const fail = (error: unknown): void => {
    failure ??= { error }
    end()
  }
  /** Does these from a place on, as far as nothing is awaited. */
  const goOn = (things: readonly T[], from: number): void => {
    for (let i = from; i < things.length && !over; i++) {
      try {
        const done = perform(things[i] as T)
        if (done === undefined) continue
        const next = (): void => goOn(things, i + 1)
        done.then(next, (error: unknown) => {
          fail(error)
          next()
        })
        return
      } catch (error) {
        fail(error)
      }
    }
    // Peers of one simulation that say several things in the same moment alternate: runs of a seed depend on how.
    if (waiting.length > 0) void Promise.resolve().then(nothing).then(nothing).then(begin)
    else rest()
  }
  const begin = (): void => {
    const things = waiting.shift()
    if (things === undefined) rest()
    else goOn(things, 0)
  }
  const rest = (): void => {
    busy = false
    const told = watching
    watching = []
    for (const tell of told) tell()
  }
  const check = (): void => {
    if (failure !== undefined) throw failure.error
  }
  return {
    add(things) {
      if (over || things.length === 0) return
      waiting.push(things)
      if (busy) return
      busy = true
      queueMicrotask(begin)
    },
    async settled() {
      if (busy) await new Promise<void>((resolve) => watching.push(resolve))
      check()
    },
    check,
    busy: () => busy,
    failed: () => failure !== undefined,
    recover() {
      failure = undefined
      over = stopped
    },
    stop() {
      stopped = true
      end()
    },
  }
}

const nothing = (): void => {}
