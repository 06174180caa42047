/** How fast rounds bring peers together, measured on numbers: no formula, no assumption about the topology. */
import { createRandom } from '../core/random.ts'
import type { Round, Schedule, Topology } from './schedule.ts'

/** `width` numbers of every peer, peer after peer. */
export interface Values {
  readonly n: number
  readonly width: number
  readonly data: Float64Array
}

/** Up to this many peers everything is exact; more are measured on as many starting values, drawn. */
const mostExact = 128
const widthBeyond = 64

/**
 * Starting values that stand for all: each peer's own unit vector, so that a root mean square over the columns is one
 * over every direction; for many peers signs, which have the same mean square in every direction. Signs and not normal
 * numbers, because peers must come to the same count and no two machines need agree on a logarithm's last bit.
 */
function startingValues(n: number): Values {
  if (n <= mostExact) {
    return { n, width: n, data: Float64Array.from({ length: n * n }, (_, i) => Number(i % (n + 1) === 0)) }
  }
  const random = createRandom(`starting values ${n}`)
  return { n, width: widthBeyond, data: Float64Array.from({ length: n * widthBeyond }, () => random.below(2) * 2 - 1) }
}

/** The round on all columns; every edge works on the values at its start. */
function mixed({ n, width, data }: Values, round: Round): Values {
  const out = data.slice()
  for (const { a, b, num, den } of round) {
    const weight = num / den
    for (let c = 0, i = a * width, j = b * width; c < width; c++, i++, j++) {
      const delta = weight * ((data[j] as number) - (data[i] as number))
      out[i] = (out[i] as number) + delta
      out[j] = (out[j] as number) - delta
    }
  }
  return { n, width, data: out }
}

/** The square of the distance of all peers from their mean. */
function squaredDisagreement({ n, width, data }: Values): number {
  let total = 0
  for (let c = 0; c < width; c++) {
    let mean = 0
    for (let i = c; i < data.length; i += width) mean += (data[i] as number) / n
    for (let i = c; i < data.length; i += width) total += ((data[i] as number) - mean) ** 2
  }
  return total
}

export interface Limits {
  /** What stands for all starting values, unless others are given. */
  readonly start?: Values
  readonly mostRounds?: number
  /** Edges times columns: some 10^8 take a second. */
  readonly mostWork?: number
}

/**
 * Rounds until `goal` is left of the disagreement, as the root mean square over all starting values; undefined if it
 * takes more than the limits.
 */
export function roundsTo(goal: number, schedule: Schedule, n: number, limits: Limits = {}): number | undefined {
  if (n < 2) return 0
  const { mostRounds = Number.POSITIVE_INFINITY, mostWork = Number.POSITIVE_INFINITY } = limits
  let values = limits.start ?? startingValues(n)
  const enough = goal ** 2 * squaredDisagreement(values)
  for (let t = 0, work = 0; t < mostRounds && work < mostWork; t++) {
    const round = schedule(t)
    values = mixed(values, round)
    if (squaredDisagreement(values) <= enough) return t + 1
    work += (round.length + n) * values.width
  }
  return undefined
}

/** Below this share of the start, squared, only rounding is left. */
const nothing = 1e-24

/**
 * What a round leaves of the disagreement: the root mean square over sessions of `rounds` rounds, one for each seed,
 * shared evenly among the rounds. Peers change places from session to session, and over all orders of places the mean
 * of P'P (P: what a session does to the peers' values) is a multiple of the identity: so this one number is the mean
 * squared mixing, whatever the starting values.
 */
export function measuredContraction(topology: Topology, n: number, rounds: number, seeds: readonly string[]): number {
  if (n < 2 || rounds < 1) return 0
  const squares = seeds.map((seed) => {
    const schedule = topology.schedule(n, seed)
    const start = startingValues(n)
    let values = start
    for (let t = 0; t < rounds; t++) values = mixed(values, schedule(t))
    return squaredDisagreement(values) / squaredDisagreement(start)
  })
  const mean = squares.reduce((sum, square) => sum + square, 0) / squares.length
  return mean < nothing ? 0 : mean ** (1 / (2 * rounds))
}
