/**
 * The block formats of GGUF: how many values a block holds, in how many bytes, and how it is read.
 * Layouts and formulas: ggml's block structures (ggml-common.h) and their reference dequantisation. Arithmetic is in
 * float32 (`Math.fround`), so that values equal the reference bit for bit or within one unit in the last place.
 */
import { fromFloat16 } from '../../core/float16.ts'

export interface BlockFormat {
  readonly name: string
  /** ggml's number for it. */
  readonly type: number
  /** Values in one block. */
  readonly values: number
  /** Bytes of one block. */
  readonly bytes: number
  /** Reads the block at `at` of `data` into `out` from `to`. */
  readonly read: (data: DataView, at: number, out: Float32Array, to: number) => void
}

const f = Math.fround

/** float16 -> float32, all 65,536 of them. */
const half = fromFloat16(Uint16Array.from({ length: 65536 }, (_, bits) => bits))
const f16 = (data: DataView, at: number): number => half[data.getUint16(at, true)] as number

export const blockFormats: readonly BlockFormat[] = [
  { name: 'F32', type: 0, values: 1, bytes: 4, read: readF32 },
  { name: 'F16', type: 1, values: 1, bytes: 2, read: readF16 },
  { name: 'BF16', type: 30, values: 1, bytes: 2, read: readBf16 },
  { name: 'Q4_0', type: 2, values: 32, bytes: 18, read: readQ4(0) },
  { name: 'Q4_1', type: 3, values: 32, bytes: 20, read: readQ4(1) },
  { name: 'Q5_0', type: 6, values: 32, bytes: 22, read: readQ5(0) },
  { name: 'Q5_1', type: 7, values: 32, bytes: 24, read: readQ5(1) },
  { name: 'Q8_0', type: 8, values: 32, bytes: 34, read: readQ8 },
  { name: 'Q2_K', type: 10, values: 256, bytes: 84, read: readQ2K },
  { name: 'Q3_K', type: 11, values: 256, bytes: 110, read: readQ3K },
  { name: 'Q4_K', type: 12, values: 256, bytes: 144, read: readQ45K(false) },
  { name: 'Q5_K', type: 13, values: 256, bytes: 176, read: readQ45K(true) },
  { name: 'Q6_K', type: 14, values: 256, bytes: 210, read: readQ6K },
]

function readF32(data: DataView, at: number, out: Float32Array, to: number): void {
  out[to] = data.getFloat32(at, true)
}

function readF16(data: DataView, at: number, out: Float32Array, to: number): void {
  out[to] = f16(data, at)
}

const word = new DataView(new ArrayBuffer(4))
function readBf16(data: DataView, at: number, out: Float32Array, to: number): void {
  word.setUint32(0, data.getUint16(at, true) << 16)
  out[to] = word.getFloat32(0)
}

/** 4 bits a value: (q - 8) * d, or q * d + m with a minimum. The low nibbles are the first half of the block. */
function readQ4(withMinimum: 0 | 1): BlockFormat['read'] {
  return (data, at, out, to) => {
    const d = f16(data, at)
    const m = withMinimum ? f16(data, at + 2) : 0
    const shift = withMinimum ? 0 : 8
    const codes = at + 2 + 2 * withMinimum
    for (let j = 0; j < 16; j++) {
      const pair = data.getUint8(codes + j)
      out[to + j] = f(d * ((pair & 15) - shift)) + m
      out[to + j + 16] = f(d * ((pair >> 4) - shift)) + m
    }
  }
}

/** 5 bits a value: the fifth ones stand together in a 32-bit word. */
function readQ5(withMinimum: 0 | 1): BlockFormat['read'] {
  return (data, at, out, to) => {
    const d = f16(data, at)
    const m = withMinimum ? f16(data, at + 2) : 0
    const shift = withMinimum ? 0 : 16
    const fifth = data.getUint32(at + 2 + 2 * withMinimum, true)
    const codes = at + 6 + 2 * withMinimum
    for (let j = 0; j < 16; j++) {
      const pair = data.getUint8(codes + j)
      out[to + j] = f(d * (((pair & 15) | (((fifth >>> j) & 1) << 4)) - shift)) + m
      out[to + j + 16] = f(d * (((pair >> 4) | (((fifth >>> (j + 16)) & 1) << 4)) - shift)) + m
    }
  }
}

function readQ8(data: DataView, at: number, out: Float32Array, to: number): void {
  const d = f16(data, at)
  for (let j = 0; j < 32; j++) out[to + j] = d * data.getInt8(at + 2 + j)
}

function readQ2K(data: DataView, at: number, out: Float32Array, to: number): void {
  const d = f16(data, at + 80)
  const dmin = f16(data, at + 82)
  for (let group = 0; group < 16; group++) {
    const scale = data.getUint8(at + group)
    const dl = f(d * (scale & 15))
    const ml = f(dmin * (scale >> 4))
    const codes = at + 16 + (group >> 3) * 32 + (group & 1) * 16
    const shift = ((group >> 1) & 3) * 2
    for (let l = 0; l < 16; l++) out[to + group * 16 + l] = f(dl * ((data.getUint8(codes + l) >> shift) & 3)) - ml
  }
}

function readQ3K(data: DataView, at: number, out: Float32Array, to: number): void {
  const d = f16(data, at + 108)
  const scales = at + 96
  for (let group = 0; group < 16; group++) {
    // Sixteen 6-bit scales: four low bits in eight bytes, two high bits in the four after them.
    const low = group < 8 ? data.getUint8(scales + group) & 15 : data.getUint8(scales + group - 8) >> 4
    const high = (data.getUint8(scales + 8 + (group & 3)) >> (2 * (group >> 2))) & 3
    const dl = f(d * ((low | (high << 4)) - 32))
    const half = (group & 1) * 16
    const codes = at + 32 + (group >> 3) * 32 + half
    const shift = ((group >> 1) & 3) * 2
    const bit = group >> 1
    for (let l = 0; l < 16; l++) {
      const third = (data.getUint8(at + half + l) >> bit) & 1 ? 0 : 4
      out[to + group * 16 + l] = dl * (((data.getUint8(codes + l) >> shift) & 3) - third)
    }
  }
}

/** Eight groups of 32 with a 6-bit scale and a 6-bit minimum each; Q5_K adds a fifth bit. */
function readQ45K(fifthBit: boolean): BlockFormat['read'] {
  return (data, at, out, to) => {
    const d = f16(data, at)
    const dmin = f16(data, at + 2)
    const packed = (i: number) => data.getUint8(at + 4 + i)
    const fifths = at + 16
    for (let group = 0; group < 8; group++) {
      const early = group < 4
      const scale = early ? packed(group) & 63 : (packed(group + 4) & 15) | ((packed(group - 4) >> 6) << 4)
      const minimum = early ? packed(group + 4) & 63 : (packed(group + 4) >> 4) | ((packed(group) >> 6) << 4)
      const dl = f(d * scale)
      const ml = f(dmin * minimum)
      const codes = at + (fifthBit ? 48 : 16) + (group >> 1) * 32
      const shift = (group & 1) * 4
      for (let l = 0; l < 32; l++) {
        const high = fifthBit ? ((data.getUint8(fifths + l) >> group) & 1) << 4 : 0
        out[to + group * 32 + l] = f(dl * (((data.getUint8(codes + l) >> shift) & 15) | high)) - ml
      }
    }
  }
}

function readQ6K(data: DataView, at: number, out: Float32Array, to: number): void {
  const d = f16(data, at + 208)
  for (let i = 0; i < 256; i++) {
    const [n, quarter, l] = [i >> 7, (i >> 5) & 3, i & 31]
    const low = (data.getUint8(at + n * 64 + (quarter & 1) * 32 + l) >> ((quarter >> 1) * 4)) & 15
    const high = (data.getUint8(at + 128 + n * 32 + l) >> (quarter * 2)) & 3
    const scale = data.getInt8(at + 192 + n * 8 + quarter * 2 + (l >> 4))
    out[to + i] = f(d * scale) * ((low | (high << 4)) - 32)
  }
}
