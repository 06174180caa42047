/** bfloat16: the upper half of float32 (1 sign, 8 exponent and 7 fraction bits). */

export function fromBfloat16(halves: Uint16Array): Float32Array {
  return new Float32Array(Uint32Array.from(halves, (half) => half << 16).buffer)
}

/** Rounded to the nearest, and to the even one of two that are equally near (IEEE 754, roundTiesToEven). */
export function toBfloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length)
  return Uint16Array.from(words, (word) => {
    const half = word >>> 16
    // Rounding could carry a NaN's fraction over into an infinity; the quiet bit keeps it a NaN.
    if ((word & 0x7fffffff) > 0x7f800000) return half | 0x40
    return (word + 0x7fff + (half & 1)) >>> 16
  })
}
