/** A float32 without its last 16 bits: 8 significant bits, to the nearest, of halves the even one. */
const float = new Float32Array(1)
const bits = new Uint32Array(float.buffer)

export function toBfloat16(value: number): number {
  float[0] = value
  const [word = 0] = bits
  return (word + 0x7fff + ((word >>> 16) & 1)) >>> 16
}

export function fromBfloat16(half: number): number {
  bits[0] = half << 16
  return float[0] as number
}
