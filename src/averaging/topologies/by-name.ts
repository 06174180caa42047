/** A topology from the name that a user types. */
import { inputError } from '../../core/errors.ts'
import type { Topology } from '../schedule.ts'
import { base } from './base.ts'
import { complete } from './complete.ts'
import { randomMatching } from './random-matching.ts'
import { ring } from './ring.ts'

const named: readonly Topology[] = [ring, complete, randomMatching]

/** `base-2` to `base-16`, `ring`, `complete`, `random-matching`. A graph file is read by `graphFromEdgeList`. */
export function topologyByName(name: string): Topology {
  const size = /^base-(\d{1,2})$/.exec(name)?.[1]
  if (size !== undefined && Number(size) >= 2 && Number(size) <= 16) return base(Number(size))
  const found = named.find((topology) => topology.name === name)
  if (found !== undefined) return found
  const names = ['base-2 ... base-16', ...named.map((topology) => topology.name)].join(', ')
  throw inputError('topology.unknown', `Cannot use topology ${JSON.stringify(name)}: expected one of ${names}`, {
    name,
  })
}
