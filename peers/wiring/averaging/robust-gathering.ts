/** Trimmed mean and median: each member combines the updates of all by a rule that a few liars cannot move far. */
import { fromGrid, resultGrid, toGrid } from '../../../src/averaging/fixed-point.ts'
import type { GatheringRule } from '../../../src/averaging/robust/by-name.ts'
import { combine } from '../../../src/averaging/robust/combine.ts'
import { longestAmong, updateLength } from '../../../src/averaging/robust/gate.ts'
import { localError } from '../../../src/core/errors.ts'
import type { GatherRule } from './gather.ts'

/** Every member downloads from every other. */
export const mostGathered = 16

/** `base`: what the round began from, on `resultGrid`. Throws `averaging.too-many` where there are more members than may be. */
export function robustGathering(rule: GatheringRule, base: Int32Array, members: number): GatherRule {
  if (members > mostGathered) {
    const text = `Cannot gather the updates of all: expected at most ${mostGathered} members, got ${members}`
    throw localError('averaging.too-many', text)
  }
  return {
    fits: (numbers) => numbers === base.length,
    *result(brought) {
      const states = brought.map(({ values }) => toGrid(values, resultGrid))
      const lengths = states.map((state) => updateLength(state, base))
      const longest = longestAmong(lengths)
      const admitted = states.filter((_, i) => (lengths[i] as number) <= longest)
      yield
      return { values: fromGrid(combine(admitted, rule), resultGrid), events: [] }
    },
  }
}
