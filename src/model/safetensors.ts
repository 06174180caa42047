/**
 * The safetensors container: 8 bytes of header length (u64, little endian), a JSON header, then the tensors' bytes.
 * Format: https://huggingface.co/docs/safetensors
 *
 * Only headers are read here; weights stay on disk, where ONNX Runtime maps them.
 */
import { open } from 'node:fs/promises'
import { inputError } from '../core/errors.ts'

export interface TensorEntry {
  readonly name: string
  readonly dtype: string
  readonly shape: readonly number[]
  /** From the start of the file. */
  readonly offset: number
  readonly bytes: number
}

/** The reference implementation refuses longer headers as well. */
const maxHeaderBytes = 100_000_000

const bytesPerValue: Readonly<Record<string, number>> = {
  F64: 8,
  F32: 4,
  F16: 2,
  BF16: 2,
  I64: 8,
  I32: 4,
  I8: 1,
  U8: 1,
}

/** Reads and checks the header of a file. */
export async function readSafetensorsHeader(path: string): Promise<TensorEntry[]> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const prefix = Buffer.alloc(8)
    if (size >= 8) await file.read(prefix, 0, 8, 0)
    const header = Buffer.alloc(headerLength(prefix, size, path))
    await file.read(header, 0, header.length, 8)
    return parseSafetensorsHeader(header, size, path)
  } finally {
    await file.close()
  }
}

/** Length of the header, checked against the file before anything is allocated. */
export function headerLength(prefix: Buffer, fileSize: number, path: string): number {
  if (fileSize < 8) throw broken(path, `expected at least 8 bytes, got ${fileSize}`)
  const length = prefix.readBigUInt64LE(0)
  const limit = Math.min(maxHeaderBytes, fileSize - 8)
  if (length > BigInt(limit)) throw broken(path, `expected a header of at most ${limit} bytes, got ${length}`)
  return Number(length)
}

export function parseSafetensorsHeader(header: Uint8Array, fileSize: number, path: string): TensorEntry[] {
  let json: unknown
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(header))
  } catch {
    throw broken(path, 'expected a JSON header, got something else')
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    throw broken(path, `expected a JSON object as header, got ${JSON.stringify(json)?.slice(0, 40)}`)
  }
  const start = 8 + header.length
  return Object.entries(json)
    .filter(([name]) => name !== '__metadata__')
    .map(([name, value]) => parseEntry(name, value, start, fileSize, path))
}

function parseEntry(name: string, value: unknown, start: number, fileSize: number, path: string): TensorEntry {
  const { dtype, shape, data_offsets: range } = (value ?? {}) as Record<string, unknown>
  if (typeof dtype !== 'string' || !isSizes(shape) || !isSizes(range) || range.length !== 2) {
    throw broken(
      path,
      `tensor ${name}: expected {dtype, shape, data_offsets}, got ${JSON.stringify(value)?.slice(0, 120)}`,
    )
  }
  const [from = 0, to = 0] = range
  const width = bytesPerValue[dtype]
  const bytes = to - from
  const values = shape.reduce((product, size) => product * size, 1)
  if (width !== undefined && bytes !== values * width) {
    throw broken(path, `tensor ${name}: expected ${values * width} bytes for ${dtype} [${shape}], got ${bytes}`)
  }
  if (bytes < 0 || start + to > fileSize) {
    throw broken(path, `tensor ${name}: expected a file of at least ${start + to} bytes, got ${fileSize} (truncated?)`)
  }
  return { name, dtype, shape, offset: start + from, bytes }
}

function isSizes(value: unknown): value is number[] {
  return Array.isArray(value) && value.length <= 8 && value.every((x) => Number.isSafeInteger(x) && x >= 0)
}

function broken(path: string, what: string) {
  return inputError('safetensors.broken', `Cannot read ${path}: ${what}`, { path })
}

/** The bytes that stand before the tensors, for tensors laid one after another in the given order. */
export function writeSafetensorsHeader(
  tensors: readonly { name: string; dtype: string; shape: readonly number[] }[],
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Buffer {
  let end = 0
  const header: Record<string, unknown> = { __metadata__: metadata }
  for (const { name, dtype, shape } of tensors) {
    const from = end
    end += shape.reduce((product, size) => product * size, bytesPerValue[dtype] ?? 0)
    header[name] = { dtype, shape, data_offsets: [from, end] }
  }
  // Padded with spaces, so that the tensors begin at a multiple of 8 bytes.
  const json = JSON.stringify(header)
  const padded = Buffer.from(
    json.padEnd(Math.ceil(Buffer.byteLength(json) / 8) * 8 - Buffer.byteLength(json) + json.length),
  )
  const out = Buffer.alloc(8 + padded.length)
  out.writeBigUInt64LE(BigInt(padded.length))
  padded.copy(out, 8)
  return out
}
