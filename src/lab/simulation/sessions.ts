/**
 * What the averaging sessions of a simulation did, seen from outside: the true mean, how far the members were from it
 * after every mixing round, and what they ended with. Read off the journals that they write; nobody is asked.
 */
import type { PeerEvent } from '../../../peers/events.ts'
import { mixingGrid, resultGrid, weightGrid } from '../../averaging/fixed-point.ts'
import { fromMixture } from '../../averaging/weighted.ts'
import type { GlobalAdapter } from '../../lora/adapter.ts'
import { takeFactors } from '../../lora/wire-state.ts'
import { createBrought } from './brought.ts'
import { type Journals, keepsSum } from './journals.ts'
import type { Learners } from './learners.ts'
import { distanceOf } from './quadratic.ts'

export interface SessionFigures {
  readonly round: number
  readonly session: string
  /** Peers that brought an update. */
  readonly members: number
  /** Was the integer sum what it was at the start? */
  readonly sumKept: boolean
  /** Root mean square distance of the members to their true mean: at the start, then after each mixing round. */
  readonly consensus: readonly number[]
  /** Distance between what follows from the true mean and what the members ended with; the largest, where they differ. */
  readonly error: number
  /** Distance between what follows from the true mean and the optimum, where that is known. */
  readonly toOptimum?: number
  /** Different results that members ended with: 1 where all agree. */
  readonly results: number
  /** Does each number of each result lie between the least and the greatest that any peer brought to the round? */
  readonly within: boolean
  /** Seconds, of the first member to end. */
  readonly at: number
}

interface Open {
  readonly round: number
  /** By mixing round, what each member held at its end. */
  readonly held: Map<number, Map<string, Int32Array>>
}

type Closed = { -readonly [key in keyof Omit<SessionFigures, 'results' | 'within'>]: SessionFigures[key] } & {
  /** The adapter that follows from the true mean. */
  readonly landing: ArrayLike<number>
  readonly digests: Set<string>
  /** What members ended with, by digest. */
  readonly ends: Map<string, ArrayLike<number>>
}

export interface SessionWatch {
  see(event: PeerEvent): void
  /** A peer's global adapter is this from now on. */
  keep(peer: string, adapter: GlobalAdapter): void
  /** In the order in which they ended. */
  figures(): SessionFigures[]
}

export function watchSessions(
  journals: Journals,
  { optimum, codec }: Pick<Learners, 'optimum' | 'codec'>,
): SessionWatch {
  const open = new Map<string, Open>()
  const closed = new Map<string, Closed>()
  /** The session whose result a peer is about to keep. */
  const ended = new Map<string, { readonly end: Closed; readonly digest: string }>()
  /** The round that a peer has ended with nobody else, whose result it is about to keep. */
  const alone = new Map<string, number>()
  const brought = createBrought()
  const givenUp = new Set<string>()

  const close = (session: string, { round, held }: Open, at: number): Closed => {
    const all = journals.members(session)
    const parts = all.map(([, journal]) => journal)
    const mean = trueMean(parts.map(({ start }) => start))
    const { landing: landingOf } = codec.session(round)
    const landing = landingOf(mean)
    for (const { start } of parts) brought.add(round, landingOf(numbersOf(start)))
    const last = new Map(all.map(([peer, { start }]) => [peer, start]))
    const spread = (): number => rootMeanSquare([...last.values()].map((value) => distanceOf(numbersOf(value), mean)))
    const consensus = [spread()]
    for (const [, states] of [...held].sort(([a], [b]) => a - b)) {
      for (const [peer, value] of states) if (last.has(peer)) last.set(peer, value)
      consensus.push(spread())
    }
    const figures = {
      round,
      session,
      members: all.length,
      sumKept: keepsSum(parts, givenUp),
      consensus,
      error: 0,
    }
    const known = optimum === undefined ? {} : { toOptimum: distanceOf(landing, optimum(round)) }
    return { ...figures, ...known, at: at / 1000, landing, digests: new Set(), ends: new Map() }
  }

  return {
    see(event) {
      if (event.type === 'drift') givenUp.add(event.xid)
      if (event.type === 'edge') {
        const { session, round, mixing, peer } = event
        if (closed.has(session)) return
        const { held } = open.get(session) ?? { held: new Map<number, Map<string, Int32Array>>() }
        open.set(session, { round, held })
        const states = held.get(mixing) ?? new Map<string, Int32Array>()
        held.set(mixing, states)
        const journal = states.has(peer) ? undefined : journals.of(peer)
        if (journal?.session === session) states.set(peer, journal.value.slice())
      }
      if (event.type === 'averaged' && event.peers === 1) alone.set(event.peer, event.round)
      if (event.type === 'averaged' && event.peers > 1) {
        const { session, round, peer, at, digest } = event
        // What was gathered stands in no journal.
        if (!closed.has(session) && journals.members(session).length === 0) return
        const end = closed.get(session) ?? close(session, open.get(session) ?? { round, held: new Map() }, at)
        open.delete(session)
        closed.set(session, end)
        end.digests.add(digest)
        ended.set(peer, { end, digest })
      }
    },
    keep(peer, adapter) {
      const numbersIn = (round: number) => takeFactors(adapter, codec.layout, codec.session(round).parts)
      const solo = alone.get(peer)
      alone.delete(peer)
      // Where members gather, ranks may differ, and nothing is judged.
      if (solo !== undefined && codec.session(solo).rule === undefined) brought.add(solo, numbersIn(solo))
      const kept = ended.get(peer)
      ended.delete(peer)
      if (kept === undefined || kept.end.ends.has(kept.digest)) return
      const { end, digest } = kept
      const numbers = numbersIn(end.round)
      end.ends.set(digest, numbers)
      end.error = Math.max(end.error, distanceOf(numbers, end.landing))
    },
    figures: () =>
      [...closed.values()].map(({ landing: _, digests, ends, ...figures }) => {
        const within = [...ends.values()].every((numbers) => brought.spans(figures.round, numbers))
        return { ...figures, results: digests.size, within }
      }),
  }
}

const numbersOf = (mixture: Int32Array): Float64Array => {
  const numbers = Float64Array.from(fromMixture(mixture))
  for (let i = 0; i < numbers.length; i++) numbers[i] = (numbers[i] as number) * 2 ** resultGrid.exponent
  return numbers
}

/** The weighted mean of mixtures: their sums divided, in floating point and beyond the grid. */
function trueMean(mixtures: readonly Int32Array[]): Float64Array {
  const length = (mixtures[0]?.length ?? 1) - 1
  const total = mixtures.reduce((sum, mixture) => sum + (mixture[length] as number), 0)
  const scale = 2 ** (mixingGrid.exponent - weightGrid.exponent)
  return Float64Array.from(
    { length },
    (_, c) => (mixtures.reduce((sum, mixture) => sum + (mixture[c] as number), 0) / total) * scale,
  )
}

function rootMeanSquare(values: readonly number[]): number {
  return values.length === 0 ? 0 : Math.sqrt(values.reduce((sum, value) => sum + value ** 2, 0) / values.length)
}
