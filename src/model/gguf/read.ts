/**
 * The header of a GGUF file: metadata and where the tensors lie. Every count is checked against the bytes at hand
 * before anything is allocated for it.
 * Format: https://github.com/ggml-org/ggml/blob/master/docs/gguf.md (versions 2 and 3, little endian)
 */
import { open } from 'node:fs/promises'
import { inputError } from '../../core/errors.ts'
import { blockFormats } from './formats.ts'

export type GgufValue = number | bigint | boolean | string | readonly GgufValue[]

export interface GgufTensor {
  readonly name: string
  readonly format: string
  /** Row-major, outermost first (GGUF writes them the other way round). */
  readonly shape: readonly number[]
  /** From the start of the file. */
  readonly offset: number
  readonly bytes: number
}

export interface Gguf {
  readonly path: string
  readonly metadata: ReadonlyMap<string, GgufValue>
  readonly tensors: ReadonlyMap<string, GgufTensor>
}

/** A tokenizer of 250,000 entries takes some 10 MB. */
const maxHeaderBytes = 64 << 20
/** Vocabularies and merge lists stay below a million; an array of numbers in memory is several times its bytes here. */
const maxArrayLength = 1 << 22
/** The format's own limits: 64 bytes for the name of a tensor, 65535 for a key. */
const maxNameBytes = 64
const maxKeyBytes = 65_535

export async function readGguf(path: string): Promise<Gguf> {
  const file = await open(path, 'r')
  try {
    const { size } = await file.stat()
    const bytes = Buffer.alloc(Math.min(size, maxHeaderBytes))
    const { bytesRead } = await file.read(bytes, 0, bytes.length, 0)
    return parseGguf(bytes.subarray(0, bytesRead), size, path)
  } finally {
    await file.close()
  }
}

/** `bytes` is the file's beginning, `fileSize` its whole length. */
export function parseGguf(bytes: Buffer, fileSize: number, path: string): Gguf {
  const fail = (what: string) => inputError('gguf.broken', `Cannot read ${path}: ${what}`, { path })
  let at = 0
  const take = (count: number): number => {
    if (!(count >= 0 && count <= bytes.length - at)) {
      throw fail(`expected ${count} more bytes of header at ${at}, got ${bytes.length - at} (truncated?)`)
    }
    at += count
    return at - count
  }
  const u32 = () => bytes.readUInt32LE(take(4))
  const u64 = () => {
    const value = bytes.readBigUInt64LE(take(8))
    if (value > BigInt(Number.MAX_SAFE_INTEGER)) throw fail(`expected a count below 2^53 at ${at - 8}, got ${value}`)
    return Number(value)
  }
  const text = (limit = maxHeaderBytes) => {
    const length = u64()
    if (length > limit) throw fail(`expected a text of at most ${limit} bytes at ${at}, got ${length}`)
    const start = take(length)
    return bytes.toString('utf8', start, start + length)
  }
  const scalars: Record<number, () => GgufValue> = {
    0: () => bytes.readUInt8(take(1)),
    1: () => bytes.readInt8(take(1)),
    2: () => bytes.readUInt16LE(take(2)),
    3: () => bytes.readInt16LE(take(2)),
    4: u32,
    5: () => bytes.readInt32LE(take(4)),
    6: () => bytes.readFloatLE(take(4)),
    7: () => bytes.readUInt8(take(1)) !== 0,
    8: () => text(),
    10: () => bytes.readBigUInt64LE(take(8)),
    11: () => bytes.readBigInt64LE(take(8)),
    12: () => bytes.readDoubleLE(take(8)),
  }
  const value = (type: number, depth = 0): GgufValue => {
    if (type === 9 && depth < 2) {
      const inner = u32()
      const length = u64()
      const limit = Math.min(maxArrayLength, bytes.length - at)
      if (length > limit) throw fail(`expected an array of at most ${limit} values, got ${length}`)
      return Array.from({ length }, () => value(inner, depth + 1))
    }
    const read = scalars[type]
    if (read === undefined) throw fail(`expected a metadata type from 0 to 12, got ${type}`)
    return read()
  }

  if (bytes.length < 24 || bytes.toString('latin1', 0, 4) !== 'GGUF') {
    throw fail(`expected a file that begins with GGUF, got ${JSON.stringify(bytes.toString('latin1', 0, 4))}`)
  }
  at = 4
  const version = u32()
  if (version !== 2 && version !== 3) throw fail(`expected version 2 or 3, got ${version}`)
  const tensorCount = u64()
  const metadataCount = u64()

  const metadata = new Map<string, GgufValue>()
  for (let i = 0; i < metadataCount; i++) metadata.set(text(maxKeyBytes), value(u32()))

  const heads: { name: string; format: string; shape: number[]; offset: number; bytes: number }[] = []
  for (let i = 0; i < tensorCount; i++) {
    const name = text(maxNameBytes)
    const rank = u32()
    if (rank > 4) throw fail(`tensor ${name}: expected at most 4 dimensions, got ${rank}`)
    const shape = Array.from({ length: rank }, u64).reverse()
    const type = u32()
    const offset = u64()
    const format = blockFormats.find((known) => known.type === type)
    if (format === undefined) {
      throw fail(
        `tensor ${name}: expected one of ${blockFormats.map((known) => known.name).join(', ')}, got ggml type ${type}`,
      )
    }
    const values = shape.reduce((product, size) => product * size, 1)
    if ((shape.at(-1) ?? 1) % format.values !== 0) {
      throw fail(
        `tensor ${name}: expected rows of a multiple of ${format.values} values for ${format.name}, got [${shape}]`,
      )
    }
    heads.push({ name, format: format.name, shape, offset, bytes: (values / format.values) * format.bytes })
  }
  const alignment = Number(metadata.get('general.alignment') ?? 32)
  if (!Number.isInteger(alignment) || alignment < 1 || alignment > 65536) {
    throw fail(`expected an alignment from 1 to 65536, got ${alignment}`)
  }
  const start = Math.ceil(at / alignment) * alignment
  const tensors = new Map<string, GgufTensor>()
  for (const head of heads) {
    const end = start + head.offset + head.bytes
    if (end > fileSize)
      throw fail(`tensor ${head.name}: expected a file of at least ${end} bytes, got ${fileSize} (truncated?)`)
    tensors.set(head.name, { ...head, offset: start + head.offset })
  }
  return { path, metadata, tensors }
}
