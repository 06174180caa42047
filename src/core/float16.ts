/** IEEE 754 binary16: 1 sign, 5 exponent and 10 fraction bits. */
export function fromFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(new Float16Array(halves.buffer, halves.byteOffset, halves.length))
}
