/**
 * Seeded random numbers. Every stream is derived from a seed and a label, so that two parts of a program never share
 * one and a replay needs the seed alone.
 *
 * Generator: sfc32 (Chris Doty-Humphrey, PractRand), seeded by the 128-bit form of cyrb-style string mixing.
 */
export interface Random {
  /** Uniform in [0, 1), 32 bits. */
  next(): number
  /** Uniform integer in [0, n). */
  below(n: number): number
  /** Standard normal (Box-Muller). */
  normal(): number
  /** A new array in random order (Fisher-Yates). */
  shuffle<T>(items: readonly T[]): T[]
  /** An independent stream. */
  derive(label: string): Random
}

/** A stream that depends on `seed` alone. */
export function createRandom(seed: string | number): Random {
  const key = String(seed)
  let [a, b, c, d] = mix(key)
  const word = (): number => {
    const t = (((a + b) | 0) + d) | 0
    d = (d + 1) | 0
    a = b ^ (b >>> 9)
    b = (c + (c << 3)) | 0
    c = (c << 21) | (c >>> 11)
    c = (c + t) | 0
    return t >>> 0
  }
  for (let i = 0; i < 12; i++) word()
  const next = (): number => word() / 4294967296
  const below = (n: number): number => {
    if (!Number.isInteger(n) || n < 1 || n > 4294967296) {
      throw new RangeError(`Cannot draw below n: expected an integer from 1 to 2^32, got ${n}`)
    }
    const limit = 4294967296 - (4294967296 % n)
    let value = word()
    while (value >= limit) value = word()
    return value % n
  }
  return {
    next,
    below,
    normal: () => Math.sqrt(-2 * Math.log(1 - next())) * Math.cos(2 * Math.PI * next()),
    shuffle: (items) => {
      const out = [...items]
      for (let i = out.length - 1; i > 0; i--) {
        const j = below(i + 1)
        ;[out[i], out[j]] = [out[j] as (typeof out)[number], out[i] as (typeof out)[number]]
      }
      return out
    },
    derive: (label) => createRandom(`${key.length}:${key}/${label}`),
  }
}

/** Four 32-bit words from a string; each letter reaches all four. */
function mix(text: string): [number, number, number, number] {
  let [a, b, c, d] = [1779033703, 3144134277, 1013904242, 2773480762]
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i)
    a = b ^ Math.imul(a ^ code, 597399067)
    b = c ^ Math.imul(b ^ code, 2869860233)
    c = d ^ Math.imul(c ^ code, 951274213)
    d = a ^ Math.imul(d ^ code, 2716044179)
  }
  return [a | 0, b | 0, c | 0, d | 0]
}
