/** Little-endian int32, as everything that ONNX Runtime runs on has it in memory: nothing is lost. */
import { type Codec, malformed } from './codec.ts'

const bytesOf = (count: number): number => 4 * count

export const fixed: Codec = {
  name: 'fixed',
  exact: true,
  bytes: bytesOf,
  /** A view, not a copy. */
  encode: (state) => ({ bytes: new Uint8Array(state.buffer, state.byteOffset, state.byteLength), state }),
  decode(bytes, count) {
    if (bytes.length !== bytesOf(count)) throw malformed('fixed', 'length', `${bytesOf(count)} bytes`, bytes.length)
    // A copy, because an Int32Array must begin at a multiple of 4; not by slice(), which is a view where a Buffer came in.
    return new Int32Array(new Uint8Array(bytes).buffer)
  },
}
