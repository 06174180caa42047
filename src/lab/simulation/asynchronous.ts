/**
 * What a simulation without rounds did, seen from outside: how far the peers that are up were from their mean and from the
 * optimum as time went on, and whether the sum of all that they hold stayed. Read off the journals that they write.
 */
import type { PeerEvent } from '../../../peers/events.ts'
import type { PeerKey } from '../../../peers/kernel/ports.ts'
import { mixingGrid } from '../../averaging/fixed-point.ts'
import { versionHeld } from '../../averaging/versioned.ts'
import { type Journals, keepsSum } from './journals.ts'
import type { Learners } from './learners.ts'
import { distanceOf } from './quadratic.ts'

export interface Sample {
  /** Seconds. */
  readonly at: number
  /** Peers that are up and hold something. */
  readonly peers: number
  /** Updates a peer that are in what they hold. */
  readonly version: number
  /** Root mean square distance of the peers to their mean. */
  readonly consensus: number
  /** Of the mean, and root mean square of the peers, to the optimum, where that is known. */
  readonly toOptimum?: { readonly mean: number; readonly peers: number }
}

export interface AsynchronousFigures {
  readonly samples: readonly Sample[]
  /**
   * Was the integer sum of what all peers ever held, parameters and versions, what they began with and added, whenever it
   * was looked at?
   */
  readonly sumKept: boolean
}

export interface AsynchronousWatch {
  see(event: PeerEvent): void
  figures(): AsynchronousFigures
}

/** Virtual milliseconds between two looks. */
const everyMs = 1000

export function watchAsynchronous(journals: Journals, { optimum }: Pick<Learners, 'optimum'>): AsynchronousWatch {
  const up = new Set<PeerKey>()
  const samples: Sample[] = []
  const best = optimum?.(1)
  let session: string | undefined
  const givenUp = new Set<string>()
  let sumKept = true
  let lookedAt = Number.NEGATIVE_INFINITY

  const look = (at: number): void => {
    if (session === undefined) return
    lookedAt = at
    const members = journals.members(session)
    const all = [...journals.past().filter((one) => one.session === session), ...members.map(([, one]) => one)]
    sumKept &&= keepsSum(all, givenUp)
    const held = members.flatMap(([peer, { value }]) => (up.has(peer) ? [value] : []))
    if (held.length > 0) samples.push(sampleOf(at / 1000, held, best))
  }
  let last = 0
  return {
    see(event) {
      last = event.at
      if (event.type === 'drift') givenUp.add(event.xid)
      if (event.type === 'loaded') up.add(event.peer)
      if (event.type === 'held') session = journals.of(event.peer)?.session ?? session
      if (event.type === 'held' && event.at - lookedAt >= everyMs) look(event.at)
      // Who has ended has gone with what it held.
      if (event.type === 'fault' && event.fault === 'kill') up.delete(event.peer)
      if (event.type === 'stopped' && event.reason !== 'done') up.delete(event.peer)
    },
    figures() {
      look(last)
      return { samples, sumKept }
    },
  }
}

function sampleOf(at: number, held: readonly Int32Array[], best: ArrayLike<number> | undefined): Sample {
  const scale = 2 ** mixingGrid.exponent
  const states = held.map((one) => Float64Array.from(one.subarray(0, -1), (value) => value * scale))
  const mean = (states[0] as Float64Array).map(
    (_, c) => states.reduce((sum, state) => sum + (state[c] as number), 0) / states.length,
  )
  const rms = (distances: readonly number[]): number =>
    Math.sqrt(distances.reduce((sum, distance) => sum + distance ** 2, 0) / distances.length)
  const sample = {
    at,
    peers: held.length,
    version: held.reduce((sum, one) => sum + versionHeld(one), 0) / held.length,
    consensus: rms(states.map((state) => distanceOf(state, mean))),
  }
  if (best === undefined) return sample
  const peers = rms(states.map((state) => distanceOf(state, best)))
  return { ...sample, toOptimum: { mean: distanceOf(mean, best), peers } }
}
