/**
 * What names a session: everything that its members must agree on before they mix. Peers that see it differently have
 * different sessions and refuse each other's offers, so agreement is needed for speed and never for the sum.
 */
import { sha256 } from './digest.ts'

export interface Member {
  readonly peer: string
  /** Private examples held: its weight. */
  readonly examples: number
  /** Of the file with the topology, where it is a file that may be edited. */
  readonly edition?: string | undefined
}

/** What all members began the round from. */
export interface Start {
  readonly round: number
  readonly startDigest: string
}

const named = (...terms: readonly unknown[]): string => sha256(JSON.stringify(terms)).slice(0, 32)

export function sessionId({ round, startDigest }: Start, topology: string, members: readonly Member[]): string {
  const roster = members.map(({ peer, examples }) => `${peer} ${examples}`).sort()
  return named('session', round, startDigest, topology, roster)
}

/** The same members' session where they have begun it so often before, and not come to its end. */
export function sessionAgain(session: string, before: number): string {
  return before === 0 ? session : named('again', session, before)
}

/** Without an agreed roster: what is left to agree on, and what the weights are measured against. */
export function matchingId({ round, startDigest }: Start, most: number): string {
  return named('matching', round, startDigest, most)
}

/** Without rounds and without a roster: whoever began with the same and weighs alike is in it, for as long as it lasts. */
export function asynchronousId(startDigest: string, staleness: string): string {
  return named('asynchronous', startDigest, staleness)
}

/** Seeds what must be comparable even between members of different sessions: the sketches. */
export function sketchSeed({ round, startDigest }: Start): string {
  return named('sketch', round, startDigest)
}

/** Positions in the schedule: drawn anew by each seed, so that partners change from session to session. */
export function sessionOrder(seed: string, peers: readonly string[]): string[] {
  return sorted(peers, (peer) => named(seed, peer))
}

/**
 * Pairs for peers that see different rosters: of all pairs, in an order drawn by the seed, each whose ends are both
 * free. A peer that only some see changes the pairs near it and no others.
 */
export function rosterFreePairs(seed: string, peers: readonly string[]): (readonly [string, string])[] {
  const ascending = [...peers].sort()
  const pairs = ascending.flatMap((a, i) => ascending.slice(i + 1).map((b) => [a, b] as const))
  const taken = new Set<string>()
  return sorted(pairs, ([a, b]) => named(seed, a, b)).filter(([a, b]) => {
    if (taken.has(a) || taken.has(b)) return false
    taken.add(a).add(b)
    return true
  })
}

function sorted<T>(items: readonly T[], key: (item: T) => string): T[] {
  const keyed = items.map((item) => [key(item), item] as const)
  return keyed.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, item]) => item)
}
