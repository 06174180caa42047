/** One state from those of all members, coordinate by coordinate (Yin et al., arXiv 1803.01498). */
import { inputError } from '../../core/errors.ts'
import type { GatheringRule } from './by-name.ts'

/** Left out at each end: a fifth of the members, and at least one where that leaves anybody. */
export function trimOf(members: number): number {
  return members < 3 ? 0 : Math.max(1, Math.floor(members / 5))
}

/** `states`: at least one, all of one length. Of numbers in the middle, the mean, rounded. */
export function combine(states: readonly Int32Array[], rule: GatheringRule): Int32Array {
  const [first] = states
  if (first === undefined || states.some(({ length }) => length !== first.length)) {
    throw inputError('averaging.combine', 'Cannot combine states: expected some of one length, got none or several')
  }
  const cut = rule === 'median' ? Math.floor((states.length - 1) / 2) : trimOf(states.length)
  const column = new Int32Array(states.length)
  return first.map((_, c) => {
    for (const [i, state] of states.entries()) column[i] = state[c] as number
    const middle = column.sort().subarray(cut, states.length - cut)
    return Math.round(middle.reduce((sum, value) => sum + value, 0) / middle.length)
  })
}
