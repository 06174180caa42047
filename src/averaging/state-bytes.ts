/**
 * A result as bytes: what is hashed, pulled by digest and kept on disk. Layout: "fpit", version (u16), grid exponent
 * (i16), count (u32), then int32 values; little endian throughout.
 */
import { remoteError } from '../core/errors.ts'
import { resultGrid } from './fixed-point.ts'

const magic = 0x74697066
const version = 1
const headerBytes = 12

export function encodeState(state: Int32Array): Uint8Array {
  const bytes = new Uint8Array(stateBytes(state.length))
  const view = new DataView(bytes.buffer)
  view.setUint32(0, magic, true)
  view.setUint16(4, version, true)
  view.setInt16(6, resultGrid.exponent, true)
  view.setUint32(8, state.length, true)
  for (let i = 0; i < state.length; i++) view.setInt32(headerBytes + 4 * i, state[i] as number, true)
  return bytes
}

/** Bytes of a state of `count` numbers. */
export function stateBytes(count: number): number {
  return headerBytes + 4 * count
}

/** Numbers in a state of so many bytes; no whole number where there is none of that size. */
export function numbersIn(bytes: number): number {
  return (bytes - headerBytes) / 4
}

/** `count` is what this federation's adapter has; another count, grid or length, or a value off the grid, is refused (`remote`). */
export function decodeState(bytes: Uint8Array, count: number): Int32Array {
  const fail = (what: string, expected: unknown, actual: unknown) =>
    remoteError('state.malformed', `Cannot read an adapter state: ${what}: expected ${expected}, got ${actual}`)
  if (bytes.length !== stateBytes(count)) throw fail('length', `${stateBytes(count)} bytes`, bytes.length)
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  if (view.getUint32(0, true) !== magic) throw fail('first bytes', '"fpit"', view.getUint32(0, true))
  if (view.getUint16(4, true) !== version) throw fail('version', version, view.getUint16(4, true))
  if (view.getInt16(6, true) !== resultGrid.exponent) throw fail('grid', resultGrid.exponent, view.getInt16(6, true))
  if (view.getUint32(8, true) !== count) throw fail('count', count, view.getUint32(8, true))
  const state = new Int32Array(count)
  for (let i = 0; i < count; i++) {
    const value = view.getInt32(headerBytes + 4 * i, true)
    if (Math.abs(value) > resultGrid.limit) {
      throw fail(`value ${i}`, `a magnitude of at most ${resultGrid.limit}`, value)
    }
    state[i] = value
  }
  return state
}
