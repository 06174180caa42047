/**
 * The norm gate, which no setting turns off: no state is taken whose update is many times as long as those of most members, or
 * whose weight is none. Such an update is the work of a broken machine more often than an attack.
 */
import { mixingGrid, resultGrid, weightGrid } from '../fixed-point.ts'
import { sketchDistance } from '../sketch.ts'
import { medianOf } from './clip.ts'

/** Of the median. */
const most = 5
/** A median of fewer is nobody's word against another's. */
const fewest = 3
const scale = 2 ** (mixingGrid.exponent - weightGrid.exponent - resultGrid.exponent)

/** How long an update may be where these are the lengths of the members'. */
export function longestAmong(lengths: readonly number[]): number {
  const median = medianOf(lengths)
  return lengths.length < fewest || median === 0 ? Number.POSITIVE_INFINITY : most * median
}

export interface Gate {
  /** Of an update, in units of `resultGrid`. */
  readonly longest: number
  /** Who says by its own sketch that its update is longer. */
  readonly shut: ReadonlySet<string>
}

/** From sketches of the updates of `numbers` that members, by name, say they bring; who says nothing is left out. */
export function gateOf(sketches: ReadonlyMap<string, readonly number[]>, numbers: number): Gate {
  const said = [...sketches].filter(([, one]) => one.length > 0)
  const lengths = said.map(([name, one]) => [name, sketchDistance(one, [], numbers)] as const)
  const longest = longestAmong(lengths.map(([, length]) => length))
  return { longest, shut: new Set(lengths.filter(([, length]) => length > longest).map(([name]) => name)) }
}

/** Root mean square of an update, in units of `resultGrid`. */
export function updateLength(result: ArrayLike<number>, base: Int32Array): number {
  let squares = 0
  for (let i = 0; i < result.length; i++) squares += ((result[i] as number) - (base[i] ?? 0)) ** 2
  return lengthOf(squares, result.length)
}

const lengthOf = (squares: number, numbers: number): number => Math.sqrt(squares / Math.max(1, numbers))

/** `mixture`: u x, and then u. `weight`: what u must be, where all members count alike. */
export function isAdmitted(mixture: Int32Array, base: Int32Array, longest: number, weight?: number): boolean {
  const u = mixture.at(-1) ?? 0
  if (u <= 0 || (weight !== undefined && u !== weight)) return false
  if (longest === Number.POSITIVE_INFINITY) return true
  const numbers = mixture.length - 1
  let squares = 0
  for (let i = 0; i < numbers; i++) squares += (((mixture[i] as number) / u) * scale - (base[i] ?? 0)) ** 2
  return lengthOf(squares, numbers) <= longest
}
