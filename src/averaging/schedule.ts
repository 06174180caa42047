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
