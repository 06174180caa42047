/**
 * What stands in for a model: every peer has an objective of its own, f(x) = Σ h (x - c)² / 2, so that training has a
 * closed form and the optimum of all of them is known.
 */
import type { Random } from '../../core/random.ts'

export interface Quadratic {
  /** Its own optimum. */
  readonly centre: Float64Array
  /** Curvature by coordinate. */
  readonly curvature: Float64Array
}

/** Own optima lie around zero, curvatures between a half and about two. */
export function drawQuadratic(numbers: number, spread: number, random: Random): Quadratic {
  return {
    centre: Float64Array.from({ length: numbers }, () => spread * random.normal()),
    curvature: Float64Array.from({ length: numbers }, () => 2 ** (2 * random.next() - 1)),
  }
}

/** Gradient flow from x for a time: each coordinate nears the own optimum exponentially. */
export function flow({ centre, curvature }: Quadratic, x: ArrayLike<number>, time: number): Float32Array {
  return Float32Array.from(centre, (c, i) => c + Math.exp(-(curvature[i] as number) * time) * ((x[i] as number) - c))
}

/** The minimum of the weighted sum of all objectives. */
export function optimum(objectives: readonly Quadratic[], weights: readonly number[]): Float64Array {
  return weightedCentre(objectives, weights, (h) => h)
}

/**
 * Where rounds of `flow` and weighted averaging end. It is not the optimum: peers with steeper objectives come nearer to
 * their own in the same time (client drift).
 */
export function fixedPoint(objectives: readonly Quadratic[], weights: readonly number[], time: number): Float64Array {
  return weightedCentre(objectives, weights, (h) => 1 - Math.exp(-h * time))
}

export function distanceOf(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0
  for (let i = 0; i < a.length; i++) sum += ((a[i] as number) - (b[i] as number)) ** 2
  return Math.sqrt(sum)
}

function weightedCentre(
  objectives: readonly Quadratic[],
  weights: readonly number[],
  pull: (curvature: number) => number,
): Float64Array {
  const [first] = objectives
  if (first === undefined) return new Float64Array()
  return first.centre.map((_, c) => {
    let sum = 0
    let total = 0
    for (const [i, { centre, curvature }] of objectives.entries()) {
      const weight = (weights[i] as number) * pull(curvature[c] as number)
      sum += weight * (centre[c] as number)
      total += weight
    }
    return total > 0 ? sum / total : 0
  })
}
