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

/** Rounds without an end: the one at step `t`, from 0. */
export type Schedule = (t: number) => Round

/** What a topology promises is declared here and tested for every one of them: tests/property/averaging/conformance. */
export interface Topology {
  readonly name: string
  /** Names the content of the file that it was read from; absent where the name alone says what it is. */
  readonly edition?: string
  /** Both ends of an edge move by the same delta, so the mean stays, whichever edges are lost. */
  readonly preservesMean: true
  /** What a gives to b is what b gives to a: the matrix of a round is symmetric. */
  readonly symmetric: true
  /** Rounds after which all peers hold the mean exactly if nothing fails; undefined where that never happens. */
  exactAfter?(n: number): number | undefined
  /**
   * What a round leaves of the disagreement: of a graph that stays, the most (the second largest eigenvalue in
   * magnitude); of rounds that are drawn, the root mean square over the draws. Undefined where no formula is known.
   */
  expectedContraction?(n: number): number | undefined
  /** The one round that is repeated, where there is one: a graph. */
  graph?(n: number, seed: string): Round
  /** Rounds of one session over `n` peers; `seed` is the session's, the same on every peer. */
  rounds(n: number, seed: string): readonly Round[]
  /** The rounds of a session and those that would follow, were it not to end. */
  schedule(n: number, seed: string): Schedule
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
