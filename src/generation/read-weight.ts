/** One weight of a checkpoint as float32 numbers. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBfloat16 } from '../core/bfloat16.ts'
import { localError } from '../core/errors.ts'
import type { WeightLocation } from '../model/checkpoint.ts'

export async function readWeight(folder: string, { type, file, offset, bytes }: WeightLocation): Promise<Float32Array> {
  const path = join(folder, file)
  const body = new Uint8Array(bytes)
  await using handle = await open(path, 'r')
  for (let at = 0; at < bytes; ) {
    const { bytesRead } = await handle.read(body, at, bytes - at, offset + at)
    if (bytesRead === 0)
      throw localError('generation.weight', `Cannot read ${path}: expected ${offset + bytes} bytes, got ${offset + at}`)
    at += bytesRead
  }
  if (type === 'f32') return new Float32Array(body.buffer)
  const halves = new Uint16Array(body.buffer)
  return type === 'bf16' ? fromBfloat16(halves) : fromFloat16(halves)
}

/** IEEE 754 binary16: 1 sign, 5 exponent (bias 15) and 10 fraction bits. */
function fromFloat16(halves: Uint16Array): Float32Array {
  return Float32Array.from(halves, (half) => {
    const sign = half & 0x8000 ? -1 : 1
    const exponent = (half >> 10) & 0x1f
    const fraction = half & 0x3ff
    if (exponent === 0) return sign * fraction * 2 ** -24
    if (exponent === 0x1f) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN
    return sign * (1 + fraction / 1024) * 2 ** (exponent - 15)
  })
}
