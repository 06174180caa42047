/**
 * Self-centred clipping (He et al., arXiv 2202.01545): a peer lets no other pull it from further away than it reaches.
 * With the shorter reach of the two both ends still move by the same integers, so the sum stays what it is.
 */
import { deltaOf } from '../fixed-point.ts'
import type { Ratio } from '../schedule.ts'

/** `round(num * clip(theirs - mine) / den)`. `reach`: the largest distance that counts, in units. */
export function clippedDelta(mine: Int32Array, theirs: Int32Array, { num, den }: Ratio, reach: number): Int32Array {
  let squares = 0
  for (let i = 0; i < mine.length; i++) squares += ((theirs[i] as number) - (mine[i] as number)) ** 2
  const distance = Math.sqrt(squares)
  if (distance <= reach) return deltaOf(mine, theirs, num, den)
  // Both ends take the same doubles in the same order, so they round alike.
  const factor = ((reach / distance) * num) / den
  return Int32Array.from(mine, (value, i) => Math.round(factor * ((theirs[i] as number) - value)))
}

/** Of an even number, the lower of the two in the middle; of none, 0. */
export function medianOf(values: readonly number[]): number {
  const ascending = Float64Array.from(values).sort()
  return ascending[Math.floor((ascending.length - 1) / 2)] ?? 0
}
