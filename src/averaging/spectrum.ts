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
  const { diagonal, beside } = tridiagonal((vector) => centred(mix(vector, round)), n)
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

function tridiagonal(apply: (vector: readonly number[]) => number[], n: number): Tridiagonal {
  const random = createRandom(`lanczos ${n}`)
  const diagonal: number[] = []
  const beside: number[] = []
  const basis = [unit(centred(Array.from({ length: n }, () => random.next() - 0.5)))]
  while (diagonal.length < Math.min(n - 1, boundFrom)) {
    const last = basis[basis.length - 1] as number[]
    let next = apply(last)
    diagonal.push(dot(next, last))
    // Twice is enough (Parlett): what rounding left of the earlier vectors goes with the second pass.
    for (let pass = 0; pass < 2; pass++) {
      for (const earlier of basis) next = without(next, earlier)
    }
    next = centred(next)
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

const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, x, i) => sum + x * (b[i] as number), 0)

function unit(vector: readonly number[]): number[] {
  const length = Math.sqrt(dot(vector, vector))
  return vector.map((x) => x / length)
}

function centred(vector: readonly number[]): number[] {
  const mean = vector.reduce((sum, x) => sum + x, 0) / vector.length
  return vector.map((x) => x - mean)
}

function without(vector: readonly number[], direction: readonly number[]): number[] {
  const share = dot(vector, direction)
  return vector.map((x, i) => x - share * (direction[i] as number))
}
