/** One row of a table of anchors at one number of peers, run again and again with other seeds. */
import { roundsTo } from '../../../src/averaging/measure.ts'
import type { Topology } from '../../../src/averaging/schedule.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'
import { createRandom } from '../../../src/core/random.ts'
import type { Figure, Row, Table } from './figures.ts'
import { type Errors, mixUnderFaults } from './mixing.ts'
import { loopOf } from './product-loop.ts'

export interface Runs {
  /** For each figure of the table what each run gave; undefined where it did not get there. */
  readonly figures: readonly (readonly (number | undefined)[])[]
  /** Largest change of a sum in any run, in units of the fixed point; undefined where nothing fails. */
  readonly drift: number | undefined
}

export function runRow({ name, form, loop }: Row, { figures, faults }: Table, n: number, seeds: number): Runs {
  const all = Array.from({ length: seeds }, (_, seed) => `${name} ${n} ${seed}`)
  if (loop !== undefined) {
    const runs = all.map((seed): Readonly<Record<string, number>> => ({ ...loopOf(loop, n, seed) }))
    return {
      figures: figures.map(({ of }) => runs.map((run) => run[of])),
      drift: Math.max(...runs.map(({ drift = 0 }) => drift)),
    }
  }
  const topology = topologyByName(name)
  if (faults === undefined) {
    const runs = all.map((seed) => lossless(topology, n, seed, figures))
    return { figures: figures.map((_, i) => runs.map((run) => run[i])), drift: undefined }
  }
  const runs = all.map((seed) => mixUnderFaults(topology, form, n, faults, seed))
  return {
    figures: figures.map(({ goal, of }) =>
      runs.map(({ errors }) => {
        const at = (error: Errors | undefined): number | undefined => error?.[of === 'up' ? 'up' : 'all']
        if (goal === undefined) return at(errors.at(-1))
        const t = errors.findIndex((error) => (at(error) ?? Number.NaN) <= goal)
        return t < 0 ? undefined : t + 1
      }),
    ),
    drift: Math.max(...runs.map(({ drift }) => drift)),
  }
}

/** Columns of normal numbers, and a limit that a ring of 128 does not come near. */
const width = 16
const mostRounds = 50_000

/** In floating point: towards 1e-6 the integers' rounding would show on a ring. */
function lossless(topology: Topology, n: number, seed: string, figures: readonly Figure[]): (number | undefined)[] {
  const random = createRandom(seed)
  const start = { n, width, data: Float64Array.from({ length: n * width }, () => random.normal()) }
  const schedule = topology.schedule(n, `${seed} plan`)
  return figures.map(({ goal = 0 }) => roundsTo(goal, schedule, n, { start, mostRounds }))
}
