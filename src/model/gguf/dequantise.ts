/** One tensor of a GGUF file -> float32 values, row-major. */
import { open } from 'node:fs/promises'
import { inputError } from '../../core/errors.ts'
import { blockFormats } from './formats.ts'
import type { Gguf, GgufTensor } from './read.ts'

export async function dequantise(gguf: Gguf, tensor: GgufTensor): Promise<Float32Array> {
  const bytes = Buffer.alloc(tensor.bytes)
  const file = await open(gguf.path, 'r')
  try {
    const { bytesRead } = await file.read(bytes, 0, bytes.length, tensor.offset)
    if (bytesRead !== bytes.length) {
      throw inputError(
        'gguf.broken',
        `Cannot read ${gguf.path}: tensor ${tensor.name}: expected ${bytes.length} bytes, got ${bytesRead} (truncated?)`,
        { path: gguf.path },
      )
    }
  } finally {
    await file.close()
  }
  return dequantiseBlocks(tensor.format, bytes)
}

function dequantiseBlocks(name: string, bytes: Uint8Array): Float32Array {
  const format = blockFormats.find((known) => known.name === name)
  if (format === undefined)
    throw new RangeError(`Cannot dequantise ${name}: expected one of ${blockFormats.map((known) => known.name)}`)
  const blocks = bytes.length / format.bytes
  const data = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const out = new Float32Array(blocks * format.values)
  for (let i = 0; i < blocks; i++) format.read(data, i * format.bytes, out, i * format.values)
  return out
}

/**
 * llama.cpp stores the rows of q and k interleaved for its rotary embedding: (pair, half) inside each head. Hugging
 * Face wants (half, pair).
 */
export function uninterleaveHeads(values: Float32Array, heads: number, headDim: number): Float32Array {
  const columns = values.length / (heads * headDim)
  const half = headDim / 2
  const out = new Float32Array(values.length)
  for (let head = 0; head < heads; head++) {
    for (let row = 0; row < headDim; row++) {
      const from = (head * headDim + 2 * (row % half) + Math.floor(row / half)) * columns
      out.set(values.subarray(from, from + columns), (head * headDim + row) * columns)
    }
  }
  return out
}
