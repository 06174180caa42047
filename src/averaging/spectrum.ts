/**
 * The second eigenvalue of a round: what it leaves, at most, of any disagreement. Lanczos' method on W - J, kept
 * orthogonal in full (Golub and Van Loan, "Matrix Computations", 10.3), then bisection on the tridiagonal matrix.
 */
import { createRandom } from '../core/random.ts'
import { mix, type Round } from './schedule.ts'

/**
 * With fewer peers the method runs to its end; from here on the figure is a bound from below: near where the gap is wide,
 * and too small where it is narrow (a long ring).
 */
export const boundFrom = 400

/** The largest magnitude among the eigenvalues of the round's matrix but the one of the mean. */
export function secondEigenvalue(round: Round, n: number): number {
  if (n < 2) return 0
  const { diagonal, beside } = tridiagonal((vector) => centred(Float64Array.from(mix([...vector], round))), n)
  const bound = 1 + 1e-9
  const above = (x: number) => diagonal.length - countBelow(diagonal, beside, x)
  const largest = bisect(-bound, bound, (x) => above(x) === 0)
  const smallest = bisect(-bound, bound, (x) => countBelow(diagonal, beside, x) > 0)
  return Math.max(Math.abs(largest), Math.abs(smallest))
}

interface Tridiagonal {
  readonly diagonal: readonly number[]
  readonly beside: readonly number[]
}

function tridiagonal(apply: (vector: Vector) => Vector, n: number): Tridiagonal {
  const random = createRandom(`lanczos ${n}`)
  const diagonal: number[] = []
  const beside: number[] = []
  const basis = [unit(centred(Float64Array.from({ length: n }, () => random.next() - 0.5)))]
  while (diagonal.length < Math.min(n - 1, boundFrom)) {
    const last = basis[basis.length - 1] as Vector
    const next = apply(last)
    diagonal.push(dot(next, last))
    // Twice is enough (Parlett): what rounding left of the earlier vectors goes with the second pass.
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis) takeOff(next, earlier)
    }
    centred(next)
    const length = Math.sqrt(dot(next, next))
    if (length < 1e-10) break
    beside.push(length)
    basis.push(unit(next))
  }
  return { diagonal, beside }
}

/** Eigenvalues below x: the signs of the pivots of T - xI (Sturm's sequence). */
function countBelow(diagonal: readonly number[], beside: readonly number[], x: number): number {
  let count = 0
  let pivot = 1
  for (const [i, value] of diagonal.entries()) {
    const link = i === 0 ? 0 : (beside[i - 1] as number)
    pivot = value - x - (link * link) / pivot
    if (pivot === 0) pivot = 1e-300
    if (pivot < 0) count += 1
  }
  return count
}

/** Where `holds` turns true between low and high. */
function bisect(low: number, high: number, holds: (x: number) => boolean): number {
  for (let step = 0; step < 60; step++) {
    const middle = (low + high) / 2
    if (holds(middle)) high = middle
    else low = middle
  }
  return (low + high) / 2
}

type Vector = Float64Array<ArrayBuffer>

function dot(a: Vector, b: Vector): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number)
  return sum
}

function unit(vector: Vector): Vector {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map((x) => x / length)
}

/** In place, as is the next: most of the time goes there. */
function centred(vector: Vector): Vector {
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += vector[i] as number
  const mean = sum / vector.length
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - mean
  return vector
}

function takeOff(vector: Vector, direction: Vector): void {
  const share = dot(vector, direction)
  for (let i = 0; i < vector.length; i++) vector[i] = (vector[i] as number) - share * (direction[i] as number)
}
