/** What came of one peer that mixed without rounds, read off its events. */
import type { PeerEvent } from '../../peers/events.ts'
import { extent } from '../core/extent.ts'

export interface AsynchronousOutcome {
  /** Of its own. */
  readonly updates: number
  /** Updates a peer that are in what it ended with. */
  readonly version: number
  /** Exchanges that it began: carried out, refused because the states were too far apart, and failed otherwise. */
  readonly exchanges: { readonly done: number; readonly stale: number; readonly failed: number }
  /** Updates between the two versions in those that were carried out; null: in none. */
  readonly staleness: { readonly mean: number; readonly most: number } | null
  /** Of what it ended with. */
  readonly sketch: readonly number[]
}

/** Of one peer's events; undefined where it mixed in rounds. */
export function asynchronousOutcome(events: readonly PeerEvent[]): AsynchronousOutcome | undefined {
  const held = events.filter((event) => event.type === 'held')
  const last = held.at(-1)
  if (last === undefined) return undefined
  const tried = events.filter((event) => event.type === 'exchange')
  const done = tried.filter(({ outcome }) => outcome === 'done')
  const stale = tried.filter(({ reason }) => reason === 'stale').length
  const ages = done.flatMap(({ staleness }) => (staleness === undefined ? [] : [staleness]))
  const mean = ages.reduce((sum, age) => sum + age, 0) / ages.length
  return {
    updates: extent(held.map(({ round }) => round)).most,
    version: last.version,
    exchanges: { done: done.length, stale, failed: tried.length - done.length - stale },
    staleness: ages.length === 0 ? null : { mean, most: extent(ages).most },
    sketch: last.sketch,
  }
}
