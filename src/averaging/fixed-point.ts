/**
 * Numbers on a grid of a power of two, as int32: then the sum over all peers is conserved exactly, and a test can say
 * so with `===`. Never saturates: a value that does not fit is refused before anything is sent.
 */
import { inputError } from '../core/errors.ts'

/** A grid: the real number is `integer * 2^exponent`. */
export interface Grid {
  readonly exponent: number
  /** Largest magnitude in units that a starting value may have. */
  readonly limit: number
}

/** What peers end a session with: resolution 1e-6, values up to 16, all of which a float32 holds exactly. */
export const resultGrid: Grid = { exponent: -20, limit: 2 ** 24 }

/**
 * What they mix: 32 times finer, so that dividing by a mean weight of a tenth still leaves the result within four
 * units of `resultGrid` (tests/property/averaging). Mixing is convex, and two bits stay free for late deltas.
 */
export const mixingGrid: Grid = { exponent: -25, limit: 2 ** 29 }

/** Weights, at most 1: finer again, because their error counts as often as the parameter is large. */
export const weightGrid: Grid = { exponent: -29, limit: 2 ** 29 }

export function toGrid(values: ArrayLike<number>, { exponent, limit }: Grid): Int32Array {
  const out = new Int32Array(values.length)
  const scale = 2 ** -exponent
  for (let i = 0; i < out.length; i++) {
    const integer = Math.round((values[i] as number) * scale)
    if (!(Math.abs(integer) <= limit)) {
      throw inputError(
        'averaging.range',
        `Cannot put value ${i} on the grid 2^${exponent}: expected a magnitude of at most ${limit / scale}, got ${values[i]}`,
        { index: i },
      )
    }
    out[i] = integer
  }
  return out
}

export function fromGrid(integers: Int32Array, { exponent }: Grid): Float32Array {
  const out = new Float32Array(integers.length)
  const scale = 2 ** exponent
  for (let i = 0; i < out.length; i++) out[i] = (integers[i] as number) * scale
  return out
}

/**
 * May this state be mixed? Anything an honest session can hold lies within twice the limit of what it began with, and
 * no two such states are further apart than an int32 reaches.
 */
export function inReach(state: Int32Array): boolean {
  for (let i = 0; i < state.length; i++) if (!(Math.abs(state[i] as number) < 2 ** 30)) return false
  return true
}

/**
 * How far the initiator moves towards the responder, `round(num * (theirs - mine) / den)`. Both ends compute it from
 * the initiator's point of view: from its own, the responder would round half of all coordinates the other way.
 * `num * difference` stays below 2^53, so both get the same integer.
 */
export function deltaOf(mine: Int32Array, theirs: Int32Array, num: number, den: number): Int32Array {
  const out = new Int32Array(mine.length)
  for (let i = 0; i < out.length; i++) {
    out[i] = Math.round((num * ((theirs[i] as number) - (mine[i] as number))) / den)
  }
  return out
}

/** `state + sign * delta`, or undefined where a coordinate would leave int32. */
export function addDelta(state: Int32Array, delta: Int32Array, sign: 1 | -1): Int32Array | undefined {
  const out = new Int32Array(state.length)
  for (let i = 0; i < out.length; i++) {
    const value = (state[i] as number) + sign * (delta[i] as number)
    if (value > 2147483647 || value < -2147483648) return undefined
    out[i] = value
  }
  return out
}

/** Largest distance of a coordinate, in units. */
export function distance(a: Int32Array, b: Int32Array): number {
  let most = 0
  for (let i = 0; i < a.length; i++) most = Math.max(most, Math.abs((a[i] as number) - (b[i] as number)))
  return most
}
