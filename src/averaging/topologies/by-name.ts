/** Every topology that has a name, and the topology from the name that a user types. */
import { inputError } from '../../core/errors.ts'
import type { Topology } from '../schedule.ts'
import { base, simpleBase } from './base.ts'
import { complete } from './complete.ts'
import { drawnEachRound, drawnOnce } from './drawn.ts'
import { epidemic } from './epidemic.ts'
import { equitopo } from './equitopo.ts'
import { erdosRenyi } from './erdos-renyi.ts'
import { kRegular } from './k-regular.ts'
import { moshpit } from './moshpit.ts'
import { onePeerExponential } from './one-peer-exponential.ts'
import { randomCliques, randomMatching } from './random-cliques.ts'
import { ring } from './ring.ts'
import { smallWorld } from './small-world.ts'
import { star } from './star.ts'
import { staticExponential } from './static-exponential.ts'
import { torus } from './torus.ts'

export interface Family {
  /** How the name is written: a capital stands for a number. */
  readonly form: string
  readonly says: string
  /** Every pair of peers is linked, or its link drawn: work that grows with the square of their number. */
  readonly allPairs?: true
  /** The topology, if the name is one of this family's. */
  named(name: string): Topology | undefined
}

const fixed = (says: string, topology: Topology): Family => ({
  form: topology.name,
  says,
  named: (name) => (name === topology.name ? topology : undefined),
})

/** `prefix-K` with K a whole number in a range. */
const counted = (says: string, form: string, low: number, high: number, make: (k: number) => Topology): Family => ({
  form,
  says: `${says} (${low} to ${high})`,
  named: (name) => {
    const digits = name.startsWith(form.slice(0, -1)) ? name.slice(form.length - 1) : ''
    return /^[1-9]\d{0,2}$/.test(digits) && Number(digits) >= low && Number(digits) <= high
      ? make(Number(digits))
      : undefined
  },
})

/** `prefix` alone or `prefix-P` with P a probability. */
const probable = (says: string, form: string, make: (p?: number) => Topology): Family => ({
  form: `${form}[-P]`,
  says,
  named: (name) => {
    if (name === form) return make()
    const digits = name.startsWith(`${form}-`) ? name.slice(form.length + 1) : ''
    return /^(0\.\d{1,4}|1)$/.test(digits) && Number(digits) > 0 ? make(Number(digits)) : undefined
  },
})

/** In the order of the help page. */
export const families: readonly Family[] = [
  counted('exact for any number of peers, in cliques of at most K', 'base-K', 2, 16, base),
  counted('the same without its shortcut for n = smooth x rest', 'simple-base-K', 2, 16, simpleBase),
  { ...fixed('everyone with everyone: exact in one round', complete), allPairs: true },
  fixed('hypercube pairs 1, 2, 4 ... apart: exact where n is a power of two', onePeerExponential),
  counted('groups of at most K along the axes of a grid', 'moshpit-K', 2, 16, moshpit),
  fixed('random pairs each round', randomMatching),
  counted('random cliques of K each round', 'random-cliques-K', 3, 16, randomCliques),
  counted('Epidemic Learning: K random partners each round', 'epidemic-K', 1, 16, epidemic),
  fixed('one random shift of the ring each round, matched greedily', equitopo),
  fixed('two neighbours', ring),
  fixed('a grid with its ends joined', torus),
  fixed('all with one', star),
  fixed('neighbours 1, 2, 4, 8 ... away on both sides', staticExponential),
  counted('a random graph of degree K, one a session', 'k-regular-K', 2, 16, (k) => drawnOnce(kRegular(k))),
  {
    ...probable('every pair with probability P, one a session', 'erdos-renyi', (p) => drawnOnce(erdosRenyi(p))),
    allPairs: true,
  },
  probable('a ring of four neighbours, rewired with P', 'small-world', (beta) => drawnOnce(smallWorld(beta))),
  {
    ...probable('time-varying: another graph each round', 'redrawn-erdos-renyi', (p) => redrawn(erdosRenyi(p))),
    allPairs: true,
  },
  probable('time-varying: another graph each round', 'redrawn-small-world', (beta) => redrawn(smallWorld(beta))),
]

function redrawn(draw: ReturnType<typeof erdosRenyi>): Topology {
  return drawnEachRound(draw, { name: `redrawn-${draw.name}` })
}

/** Does a session of this topology look at every pair of its peers? */
export const looksAtAllPairs = (name: string): boolean =>
  families.some(({ allPairs, named }) => allPairs === true && named(name) !== undefined)

/** A graph in a file is read by `graphFromText`. */
export function topologyByName(name: string): Topology {
  for (const family of families) {
    const found = family.named(name)
    if (found !== undefined) return found
  }
  const names = families.map(({ form }) => form).join(', ')
  throw inputError('topology.unknown', `Cannot use topology ${JSON.stringify(name)}: expected one of ${names}`, {
    name,
  })
}
