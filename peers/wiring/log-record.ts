/**
 * A record of an append log: u32 length, u32 CRC-32 of the payload, u32 CRC-32 of these eight bytes (all little-endian),
 * payload. The header has a checksum of its own, so that a length can be believed before what it leads to is read.
 */
import { crc32 } from 'node:zlib'

const headerBytes = 12

export interface DecodedLog {
  /** The whole records from the start. */
  readonly records: Uint8Array[]
  /** Where they end. What is behind is the last append, torn off. */
  readonly end: number
  /** What is at the end is no torn append, because records follow it: they must not be cut away. */
  readonly damaged: boolean
}

export function encodeRecord(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(4, crc32(payload), true)
  view.setUint32(8, crc32(bytes.subarray(0, 8)), true)
  bytes.set(payload, headerBytes)
  return bytes
}

/**
 * Each append is synced before the next begins, so a kill or a power cut can harm the last record alone. Harm to that
 * one cannot be told from a tear, and counts as one.
 */
export function decodeRecords(bytes: Uint8Array): DecodedLog {
  const records: Uint8Array[] = []
  let at = 0
  for (;;) {
    const end = endOf(bytes, at)
    if (end === undefined) return { records, end: at, damaged: followed(bytes, at + 1) }
    const payload = bytes.slice(at + headerBytes, end)
    if (end > bytes.length) return { records, end: at, damaged: false }
    if (!holds(bytes, at, payload)) return { records, end: at, damaged: end < bytes.length }
    records.push(payload)
    at = end
  }
}

/** Where the record that begins here ends; undefined where none does. */
function endOf(bytes: Uint8Array, at: number): number | undefined {
  if (at + headerBytes > bytes.length) return undefined
  const view = new DataView(bytes.buffer, bytes.byteOffset + at, headerBytes)
  if (view.getUint32(8, true) !== crc32(bytes.subarray(at, at + 8))) return undefined
  return at + headerBytes + view.getUint32(0, true)
}

function holds(bytes: Uint8Array, at: number, payload: Uint8Array): boolean {
  return crc32(payload) === new DataView(bytes.buffer, bytes.byteOffset + at, headerBytes).getUint32(4, true)
}

/** Does a whole record begin anywhere from here on? */
function followed(bytes: Uint8Array, from: number): boolean {
  for (let at = from; at + headerBytes <= bytes.length; at++) {
    const end = endOf(bytes, at)
    if (end !== undefined && end <= bytes.length && holds(bytes, at, bytes.subarray(at + headerBytes, end))) return true
  }
  return false
}
