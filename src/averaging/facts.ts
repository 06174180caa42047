/** What there is to say about a topology for a number of peers: the figures of `fedpit topology`. */
import { diameter } from './diameter.ts'
import { measuredContraction, roundsTo } from './measure.ts'
import type { Round, Topology } from './schedule.ts'
import { boundFrom, secondEigenvalue } from './spectrum.ts'

export interface Facts {
  /** Of one session. */
  readonly rounds: readonly Round[]
  /** Partners a round: the most of any peer, and over all peers and rounds. */
  readonly degree: { readonly most: number; readonly mean: number }
  /** Rounds until everyone's value has reached everyone; undefined where it never does. */
  readonly diameter: number | undefined
  /** What a round leaves of the disagreement, and of what that is the figure. */
  readonly contraction: number
  readonly contractionOf: 'graph' | 'sessions'
  /** More peers than the spectrum is computed for, and no formula: it may be more. */
  readonly contractionIsBound: boolean
  readonly exactAfter: number | undefined
  /** Rounds to a thousandth of the disagreement: by the formula or the spectrum, and counted. */
  readonly predicted: number | undefined
  readonly measured: number | undefined
}

export const goal = 1e-3
/** Sessions of which the mean squared mixing is taken. */
const draws = 10
/** A few seconds. */
const fewSeconds = 4e8

/** Of at least two peers. `mostWork`: that goes into counting rounds. */
export function factsOf(topology: Topology, n: number, seed: string, mostWork = fewSeconds): Facts {
  const rounds = topology.rounds(n, seed)
  const exactAfter = topology.exactAfter?.(n)
  const formula = topology.expectedContraction?.(n)
  const isGraph = topology.graph !== undefined
  const contraction = isGraph && formula !== undefined ? formula : contractionOf(topology, n, seed, rounds)
  const schedule = topology.schedule(n, seed)
  const reach = diameter(schedule, n)
  // In a graph that stays, who never hears of each other never agrees: no round need be counted.
  const inParts = isGraph && reach === undefined
  return {
    rounds,
    degree: degreeOf(rounds, n),
    diameter: reach,
    contraction,
    contractionOf: isGraph ? 'graph' : 'sessions',
    contractionIsBound: isGraph && formula === undefined && n > boundFrom,
    exactAfter,
    predicted: exactAfter ?? roundsFor(formula ?? contraction),
    measured: inParts ? undefined : roundsTo(goal, schedule, n, { mostWork }),
  }
}

function contractionOf(topology: Topology, n: number, seed: string, rounds: readonly Round[]): number {
  if (topology.graph !== undefined) return secondEigenvalue(topology.graph(n, seed), n)
  const seeds = Array.from({ length: draws }, (_, i) => `${seed} ${i}`)
  return measuredContraction(topology, n, rounds.length, seeds)
}

/** Rounds until `contraction`, once a round, leaves no more than the goal. */
export function roundsFor(contraction: number): number | undefined {
  if (contraction <= 0) return 1
  return contraction > 1 - 1e-12 ? undefined : Math.ceil(Math.log(goal) / Math.log(contraction))
}

function degreeOf(rounds: readonly Round[], n: number): Facts['degree'] {
  let most = 0
  let ends = 0
  for (const round of new Set(rounds)) {
    const partners = new Uint32Array(n)
    for (const { a, b } of round) {
      partners[a] = (partners[a] as number) + 1
      partners[b] = (partners[b] as number) + 1
    }
    most = partners.reduce((x, y) => Math.max(x, y), most)
  }
  for (const round of rounds) ends += 2 * round.length
  return { most, mean: rounds.length === 0 ? 0 : ends / (n * rounds.length) }
}
