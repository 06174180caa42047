/**
 * One primitive: a weighted edge. A topology is a function that yields rounds of weighted edges; the exchange makes
 * each edge exact, so no topology can break the mean.
 */

/** A weight as an integer ratio: never infer it from a degree or from what arrived. */
export interface Ratio {
  readonly num: number
  readonly den: number
}

/** Peers `a` < `b` by index in the session's order; each moves `num/den` of the way to the other. */
export interface Edge extends Ratio {
  readonly a: number
  readonly b: number
}

/** All edges of a round work on the copies that peers held at its start. */
export type Round = readonly Edge[]

export interface Topology {
  readonly name: string
  /** Every exchange is symmetric, so the mean is kept; declared so that the conformance suite can test it. */
  readonly preservesMean: true
  /** Rounds after which all peers hold the mean exactly if nothing fails; absent where that never happens. */
  exactAfter?(n: number): number
  /** Rounds of one session over `n` peers; `seed` is the session's, the same on every peer. */
  rounds(n: number, seed: string): readonly Round[]
}

/** An edge with its ends in order and its weight in lowest terms. */
export function edge(a: number, b: number, num: number, den: number): Edge {
  const divisor = greatestCommonDivisor(num, den)
  return { a: Math.min(a, b), b: Math.max(a, b), num: num / divisor, den: den / divisor }
}

function greatestCommonDivisor(a: number, b: number): number {
  return b === 0 ? a : greatestCommonDivisor(b, a % b)
}

/** Everyone in `members` with everyone, each at 1/size: one round makes them equal. */
export function clique(members: readonly number[]): Edge[] {
  return members.flatMap((a, i) => members.slice(i + 1).map((b) => edge(a, b, 1, members.length)))
}

/** One round on one real number a peer; every edge works on the values at the round's start. */
export function mix(values: readonly number[], round: Round): number[] {
  const out = [...values]
  for (const { a, b, num, den } of round) {
    const delta = (num / den) * ((values[b] ?? 0) - (values[a] ?? 0))
    out[a] = (out[a] ?? 0) + delta
    out[b] = (out[b] ?? 0) - delta
  }
  return out
}
