/** How a peer learns of the others: a roster that grows as things are heard, and a word whenever it has changed. */
import { Roster } from '../behaviour/roster.ts'
import type { Clock, NetworkEvent } from '../kernel/ports.ts'

export interface Hearing {
  readonly roster: Roster
  /** Called after every change; returns the unsubscriber. */
  watch(listener: () => void): () => void
}

export interface Ear extends Hearing {
  hear(event: NetworkEvent): void
  /** Something else has changed in the roster. */
  stir(): void
}

/** Hears for one peer. Give it the network's events before anybody else gets them. */
export function createEar(clock: Clock, silenceMs: number): Ear {
  const roster = new Roster(silenceMs)
  const listeners = new Set<() => void>()
  const stir = (): void => {
    for (const listener of listeners) listener()
  }
  return {
    roster,
    watch(listener) {
      const own = (): void => listener()
      listeners.add(own)
      return () => listeners.delete(own)
    },
    hear(event) {
      if (roster.hear(event, clock.now())) stir()
    },
    stir,
  }
}
