/**
 * States as their difference to the base that all members share: an update is small, and so is the error of what is
 * said of it. A state is u x on `mixingGrid` and then u on `weightGrid` (`weighted.ts`); of u nothing may be lost, since
 * the base counts u times. Layout: u (i32, little endian), then the differences as the codec has them.
 */
import { mixingGrid, resultGrid, weightGrid } from '../fixed-point.ts'
import { type Codec, malformed } from './codec.ts'

/** Of whole numbers, each of at most 2^32 in magnitude. */
export interface DifferenceCodec extends Pick<Codec, 'name' | 'bytes'> {
  encode(differences: Float64Array): Uint8Array
  /** `bytes` is no longer than `bytes(count)`. Throws a remote error `codec.malformed`, and nothing else. */
  decode(bytes: Uint8Array, count: number): Float64Array
}

const weightBytes = 4
const scale = 2 ** (resultGrid.exponent + weightGrid.exponent - mixingGrid.exponent)
const least = -(2 ** 31)
const most = 2 ** 31 - 1

export function inDifferenceForm(codec: DifferenceCodec): Codec {
  const { name } = codec
  const bytesOf = (count: number): number => weightBytes + codec.bytes(count - 1)
  return {
    name,
    exact: false,
    bytes: bytesOf,
    encode(state, base) {
      const count = state.length - 1
      const weight = state.at(-1) ?? 0
      const body = codec.encode(
        Float64Array.from({ length: count }, (_, i) => (state[i] as number) - reference(base, weight, i)),
      )
      const bytes = new Uint8Array(weightBytes + body.length)
      new DataView(bytes.buffer).setInt32(0, weight, true)
      bytes.set(body, weightBytes)
      const said = new Int32Array(state.length)
      // Only a state that is out of reach, and will be refused by both ends, can leave int32 here.
      for (const [i, difference] of codec.decode(body, count).entries()) {
        said[i] = Math.max(least, Math.min(most, reference(base, weight, i) + difference))
      }
      said[count] = weight
      return { bytes, state: said }
    },
    decode(bytes, count, base) {
      const [low, high] = [weightBytes, bytesOf(count)]
      if (bytes.length < low || bytes.length > high) throw malformed(name, 'length', `${low} to ${high}`, bytes.length)
      const weight = new DataView(bytes.buffer, bytes.byteOffset).getInt32(0, true)
      const state = new Int32Array(count)
      for (const [i, difference] of codec.decode(bytes.subarray(weightBytes), count - 1).entries()) {
        const value = reference(base, weight, i) + difference
        if (!(value >= least && value <= most)) throw malformed(name, `number ${i}`, 'an int32', value)
        state[i] = value
      }
      state[count - 1] = weight
      return state
    },
  }
}

/** What a peer would hold that has learnt nothing. The same double at both ends, whatever it rounds to. */
const reference = (base: Int32Array, weight: number, i: number): number => Math.round((base[i] ?? 0) * weight * scale)
