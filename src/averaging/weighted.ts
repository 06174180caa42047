/**
 * The weighted mean by mixing pairs (u x, u): both are averaged without weights, and their quotient is the weighted
 * mean. `u` is the share of examples that a peer holds, at most 1.
 */
import { localError } from '../core/errors.ts'
import { fromGrid, mixingGrid, resultGrid, toGrid, weightGrid } from './fixed-point.ts'

/**
 * Weights of the peers of a session from the examples they say they hold. A number is metadata and a lever for a
 * lying peer, so none counts more than ten times, or less than a tenth of, the median.
 */
export function shares(examples: readonly number[]): number[] {
  const counted = bounded(examples)
  const most = Math.max(...counted)
  return counted.map((count) => (most > 0 ? count / most : 1))
}

/** The examples that a share of 1 stands for: shares of different measures must not be mixed. */
export function strongest(examples: readonly number[]): number {
  return Math.max(...bounded(examples))
}

function bounded(examples: readonly number[]): number[] {
  const holding = examples.filter((count) => count > 0).sort((a, b) => a - b)
  const median = holding[Math.floor((holding.length - 1) / 2)] ?? 0
  return examples.map((count) => (count > 0 ? Math.min(10 * median, Math.max(median / 10, count)) : 0))
}

/** Parameters and share -> what is mixed: u x on `mixingGrid`, then u on `weightGrid`. */
export function toMixture(parameters: Float32Array, share: number): Int32Array {
  const mixture = new Int32Array(parameters.length + 1)
  const weighted = new Float64Array(parameters.length)
  for (let i = 0; i < weighted.length; i++) weighted[i] = (parameters[i] as number) * share
  mixture.set(toGrid(weighted, mixingGrid))
  mixture.set(toGrid([share], weightGrid), parameters.length)
  return mixture
}

/** What was mixed -> the weighted mean on `resultGrid`. */
export function fromMixture(mixture: Int32Array): Int32Array {
  const weight = mixture.at(-1) ?? 0
  if (weight <= 0) {
    throw localError(
      'averaging.no-weight',
      `Cannot divide by the mixed weight: expected more than 0 units, got ${weight}`,
    )
  }
  const scale = 2 ** (mixingGrid.exponent - weightGrid.exponent - resultGrid.exponent)
  const { limit } = resultGrid
  const out = new Int32Array(mixture.length - 1)
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.max(-limit, Math.min(limit, Math.round(((mixture[i] as number) / weight) * scale)))
  }
  return out
}

/** Parameters as every peer holds them after a session. */
export function parametersOf(result: Int32Array): Float32Array {
  return fromGrid(result, resultGrid)
}
