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
    // Without a branch: of random signs a processor guesses every second one wrong.
    for (let row = 0; row < rows; row++) sums[row] = (sums[row] as number) + (((bits >>> row) & 1) * 2 - 1) * value
  }
  return [...sums]
}

/** Estimated root mean square distance a coordinate, in units of the grid, of two states of `length` numbers. */
export function sketchDistance(a: readonly number[], b: readonly number[], length: number): number {
  const squares = a.reduce((sum, value, i) => sum + (value - (b[i] ?? 0)) ** 2, 0)
  return Math.sqrt(squares / rows / Math.max(1, length))
}

/**
 * Is the estimated distance between any two states of `length` numbers at most this? Two can only be further apart where
 * their distances to the middle of all come to more, so that of thousands only the outermost are compared.
 */
export function sketchesWithin(limit: number, sketches: readonly (readonly number[])[], length: number): boolean {
  const middle = Array.from({ length: rows }, (_, row) => mean(sketches.map((one) => one[row] ?? 0)))
  const out = sketches
    .map((one) => ({ one, radius: sketchDistance(one, middle, length) }))
    .sort((a, b) => b.radius - a.radius)
  // A hair less than the limit, because radii are rounded.
  const reach = limit * (1 - 1e-9)
  for (const [i, a] of out.entries()) {
    if (a.radius + (out[0]?.radius ?? 0) < reach) break
    for (const b of out.slice(0, i)) {
      if (a.radius + b.radius < reach) break
      if (sketchDistance(a.one, b.one, length) > limit) return false
    }
  }
  return true
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length

/** Position of the sketch that is nearest to the coordinate-wise median of all; the first of equals. */
export function mostCentral(sketches: readonly (readonly number[])[]): number {
  const median = Array.from({ length: rows }, (_, row) => {
    const column = Float64Array.from(sketches, (one) => one[row] ?? 0).sort()
    return column[Math.floor((column.length - 1) / 2)] ?? 0
  })
  const far = sketches.map((one) => sketchDistance(one, median, 1))
  return far.reduce((nearest, distance, i) => (distance < (far[nearest] as number) ? i : nearest), 0)
}
