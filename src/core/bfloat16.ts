/** bfloat16: the upper half of float32 (1 sign, 8 exponent and 7 fraction bits). */

export function fromBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
}

export function toBfloat16(values: Float32Array): Uint16Array {
  return Uint16Array.from(new Uint32Array(values.buffer, values.byteOffset, values.length), rounded)
}

const float = new Float32Array(1)
const word = new Uint32Array(float.buffer)

/** One number. */
export function numberFromBfloat16(half: number): number {
  word[0] = half << 16
  return float[0] as number
}

/** One number, taken as a float32 first. */
export function numberToBfloat16(value: number): number {
  float[0] = value
  return rounded(word[0] as number)
}

/** Of a float32's bits: to the nearest, and to the even one of two that are equally near (IEEE 754, roundTiesToEven). */
function rounded(bits: number): number {
  const half = bits >>> 16
  // Rounding could carry a NaN's fraction over into an infinity; the quiet bit keeps it a NaN.
  if ((bits & 0x7fffffff) > 0x7f800000) return half | 0x40
  return (bits + 0x7fff + (half & 1)) >>> 16
}
