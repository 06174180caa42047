/**
 * How far two peers go towards each other where mixing is asynchronous: half of the way for states of one version, and
 * less the more updates lie between them. Both ends have both states, and work on integers, divisions and square roots
 * alone, which every machine rounds alike: so they get the same weight, and the sum stays.
 */
import type { Ratio } from './schedule.ts'
import { versionGrid } from './versioned.ts'

/** The families of FedAsync (Xie et al., arXiv 1903.03934). */
export const stalenessWeights = ['polynomial', 'hinge', 'constant'] as const

export interface Staleness {
  /** How the weight falls. `polynomial`: (1 + d)^-1/2; `hinge`: 1 up to d = 4, then 1 / (10 (d - 4) + 1); `constant`: 1. */
  readonly weight: (typeof stalenessWeights)[number]
  /** Peers whose versions are further apart than so many updates do not exchange. */
  readonly bound: number
  /** The least weight, as a share of the whole. */
  readonly floor: number
}

/** As in FedAsync. */
const hinge = { from: 4, slope: 10 }
/** Of a whole weight: small enough that a product with any difference is an exact double. */
const units = 2 ** 16

/** Of two states of one version, and what an offer names: half of the way, after which both hold the same. */
export const freshRatio: Ratio = { num: units, den: 2 * units }

/** The weight of an exchange; undefined where the versions, in units of `versionGrid`, are too far apart. */
export function staleRatio(mine: number, theirs: number, { weight, bound, floor }: Staleness): Ratio | undefined {
  const staleness = stalenessOf(mine, theirs)
  if (staleness > bound) return undefined
  const share = Math.max(floor, shareOf(weight, staleness))
  return { num: Math.round(units * share), den: freshRatio.den }
}

/** Updates that lie between two versions in units of `versionGrid`. */
export function stalenessOf(mine: number, theirs: number): number {
  return Math.abs(mine - theirs) * 2 ** versionGrid.exponent
}

/** In words that all who mean the same put alike. */
export function stalenessWords({ weight, bound, floor }: Staleness): string {
  return `${weight}, bound ${bound}, floor ${floor}`
}

function shareOf(weight: Staleness['weight'], staleness: number): number {
  switch (weight) {
    case 'constant':
      return 1
    case 'hinge':
      return staleness <= hinge.from ? 1 : 1 / (hinge.slope * (staleness - hinge.from) + 1)
    case 'polynomial':
      return 1 / Math.sqrt(1 + staleness)
  }
}
