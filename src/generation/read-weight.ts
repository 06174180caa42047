/** One weight of a checkpoint as float32 numbers. */
import { open } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBfloat16 } from '../core/bfloat16.ts'
import { localError } from '../core/errors.ts'
import { fromFloat16 } from '../core/float16.ts'
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
