/** Stand-in peers of which one is slow, with rounds and without: how soon they come how near to their optimum. */

import type { stalenessWeights } from '../../src/averaging/staleness.ts'
import { extent } from '../../src/core/extent.ts'
import { createRandom } from '../../src/core/random.ts'
import { simulationSchema } from '../../src/lab/simulation/scenario.ts'
import { simulate } from '../../src/lab/simulation/simulate.ts'
import { createStandIns } from '../../src/lab/simulation/stand-in.ts'

export type Way = 'rounds' | (typeof stalenessWeights)[number]

export interface Setting {
  readonly peers: number
  /** How many times longer than the others' the work of one of them takes. */
  readonly times: number
  readonly rounds: number
  readonly seed: string
}

export interface Course {
  /** Seconds of virtual time until all were done. */
  readonly seconds: number
  /** Of the mean of all peers from the optimum as time went on, as a share of what they began with. */
  readonly distances: readonly { readonly at: number; readonly share: number }[]
  /** The last of these. */
  readonly mean: number
  /** Of the peers to their mean, root mean square: likewise, at the end and at its widest. */
  readonly consensus: number
  readonly widest: number
  /** Mean number of updates between two that exchanged; 0 with rounds. */
  readonly staleness: number
  readonly sumsKept: boolean
}

export async function courseOf(
  way: Way,
  { peers, times, rounds, seed }: Setting,
  signal: AbortSignal,
): Promise<Course> {
  const slow = times > 1 ? [{ at: 0, fault: 'slow', peers: ['peer-1'], times }] : []
  const apart = { topology: 'random-matching', mixing: { timing: 'asynchronous', staleness: { weight: way } } }
  const scenario = simulationSchema.parse({
    name: 'asynchronous',
    peers,
    seed,
    rounds,
    ...(way === 'rounds' ? {} : apart),
    // An update goes a tenth to a third of the way to the peer's own optimum; all hold alike much.
    standIn: { flow: 0.2, examples: [16, 16] },
    deadlines: { join: 60, ready: 3600, average: 60, pull: 30, round: 7200, leave: 36_000 },
    script: slow,
  })
  const start = Math.hypot(...(createStandIns(scenario, createRandom(seed)).optimum?.(1) ?? []))
  const ages: number[] = []
  const { sessions, asynchronous, seconds } = await simulate(
    scenario,
    {
      publish: (event) => {
        if (event.type === 'exchange' && event.staleness !== undefined) ages.push(event.staleness)
      },
      onProgress: () => {},
    },
    signal,
  )
  if (asynchronous !== undefined) {
    const { samples, sumKept } = asynchronous
    const last = samples.at(-1)
    return {
      seconds,
      distances: samples.map(({ at, toOptimum }) => ({ at, share: (toOptimum?.mean ?? 0) / start })),
      mean: (last?.toOptimum?.mean ?? 0) / start,
      consensus: (last?.consensus ?? 0) / start,
      widest: extent(samples.map(({ consensus }) => consensus)).most / start,
      staleness: ages.reduce((sum, age) => sum + age, 0) / ages.length,
      sumsKept: sumKept,
    }
  }
  const distances = sessions.map(({ at, toOptimum = 0 }) => ({ at, share: toOptimum / start }))
  const mean = distances.at(-1)?.share ?? 0
  // All hold the same at the end of a round, and are furthest apart before they mix.
  const widest = extent(sessions.map(({ consensus }) => consensus[0] ?? 0)).most / start
  return {
    seconds,
    distances,
    mean,
    consensus: 0,
    widest,
    staleness: 0,
    sumsKept: sessions.every(({ sumKept }) => sumKept),
  }
}

/** Seconds until the distance was no more than this for good, as far as the course goes; undefined: it never was. */
export function reached({ distances }: Course, share: number): number | undefined {
  const last = distances.findLastIndex((one) => one.share > share)
  return distances[last + 1]?.at
}
