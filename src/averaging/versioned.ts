/**
 * What a peer holds where mixing is asynchronous: its parameters, and with them a version, by how many local updates a
 * peer they have come so far. An exchange moves both by the same share, so the versions of all peers come to the number
 * of updates that all have made, and a slow peer that mixes is no older than those it mixes with.
 */
import { fromGrid, type Grid, mixingGrid, resultGrid, toGrid } from './fixed-point.ts'

/** Of versions: a four-thousandth of an update, up to 131,072 updates. */
export const versionGrid: Grid = { exponent: -12, limit: 2 ** 29 }

/** Parameters on `mixingGrid`, then the version on `versionGrid`. */
export function toVersioned(parameters: ArrayLike<number>, version: number): Int32Array {
  const held = new Int32Array(parameters.length + 1)
  held.set(toGrid(parameters, mixingGrid))
  held.set(toGrid([version], versionGrid), parameters.length)
  return held
}

/** On `resultGrid`. */
export function parametersHeld(held: Int32Array): Int32Array {
  const scale = 2 ** (mixingGrid.exponent - resultGrid.exponent)
  const { limit } = resultGrid
  return held.subarray(0, -1).map((value) => Math.max(-limit, Math.min(limit, Math.round(value * scale))))
}

/** Updates a peer. */
export function versionHeld(held: Int32Array): number {
  return fromGrid(held.subarray(-1), versionGrid)[0] ?? 0
}

/** What one local update adds that moved the parameters from `before` to `after`. */
export function updateOf(before: ArrayLike<number>, after: ArrayLike<number>): Int32Array {
  const start = toVersioned(before, 0)
  return toVersioned(after, 1).map((value, i) => value - (start[i] as number))
}
