/**
 * The outer optimiser: what a round makes of the averaged update Δ, by how much training moved the parameters x.
 *
 * - `none`: x ← x + Δ.
 * - `nesterov`: Δ is taken for a gradient's step, as DiLoCo does (arXiv 2311.08105): m ← μ m + Δ, x ← x + η (Δ + μ m).
 *
 * With momentum, (x, m, Δ) are mixed together. Each step is linear in the three, so that the mean of all steps is the step
 * of the means, and peers whose exchanges failed fall behind in all three alike. Mixing Δ alone lets x and m of such peers
 * drift apart for ever.
 */
export const outers = ['none', 'nesterov'] as const
export type Outer = (typeof outers)[number]

/** As in DiLoCo. */
const rate = 0.7
const decay = 0.9

/** Vectors of one length. */
export interface OuterState {
  readonly parameters: ArrayLike<number>
  readonly momentum: ArrayLike<number>
}

/** (x, m, Δ), one after the other. */
export function toTriple({ parameters, momentum }: OuterState, trained: ArrayLike<number>): Float32Array {
  const n = trained.length
  const triple = new Float32Array(3 * n)
  triple.set(parameters)
  triple.set(momentum, n)
  for (let i = 0; i < n; i++) triple[2 * n + i] = (trained[i] as number) - (parameters[i] as number)
  return triple
}

/** The round's end from (x, m, Δ). */
export function nesterovStep(triple: ArrayLike<number>): {
  readonly parameters: Float64Array
  readonly momentum: Float64Array
} {
  const n = triple.length / 3
  const parameters = new Float64Array(n)
  const momentum = new Float64Array(n)
  for (let i = 0; i < n; i++) {
    const update = triple[2 * n + i] as number
    const m = decay * (triple[n + i] as number) + update
    momentum[i] = m
    parameters[i] = (triple[i] as number) + rate * (update + decay * m)
  }
  return { parameters, momentum }
}
