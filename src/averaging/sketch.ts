/**
 * How far apart two peers are, from a few numbers: a projection on random signs, whose squared distance is an unbiased
 * estimate of the states' (Johnson-Lindenstrauss with signs, Achlioptas 2003). It fits a gossip message.
 */
import { createRandom } from '../core/random.ts'

const rows = 32

/** `rows` numbers in units of the grid; the seed is the session's, so that sketches of one session compare. */
export function sketch(state: Int32Array, seed: string): number[] {
  const sums = new Float64Array(rows)
  // One word of random bits a coordinate: its bits are the signs of all rows.
  const random = createRandom(`${seed}/sketch`)
  for (let i = 0; i < state.length; i++) {
    const value = state[i] as number
    const bits = random.below(4294967296)
    for (let row = 0; row < rows; row++) sums[row] = (sums[row] as number) + ((bits >>> row) & 1 ? value : -value)
  }
  return [...sums]
}

/** Estimated root mean square distance a coordinate, in units of the grid, of two states of `length` numbers. */
export function sketchDistance(a: readonly number[], b: readonly number[], length: number): number {
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)
  return Math.sqrt(squares / rows / Math.max(1, length))
}

/** Largest estimated distance between any two states of `length` numbers. */
export function sketchSpread(sketches: readonly (readonly number[])[], length: number): number {
  const apart = sketches.flatMap((a, i) => sketches.slice(i + 1).map((b) => sketchDistance(a, b, length)))
  return Math.max(0, ...apart)
}

/** Position of the sketch that is nearest to the coordinate-wise median of all; the first of equals. */
export function mostCentral(sketches: readonly (readonly number[])[]): number {
  const median = Array.from({ length: rows }, (_, row) => {
    const column = sketches.map((one) => one[row] ?? 0).sort((a, b) => a - b)
    return column[Math.floor((column.length - 1) / 2)] ?? 0
  })
  const far = sketches.map((one) => sketchDistance(one, median, 1))
  return far.indexOf(Math.min(...far))
}
