/** A record of an append log: u32 length, u32 CRC-32 of the payload (both little-endian), payload. */
import { crc32 } from 'node:zlib'

const headerBytes = 8

export function encodeRecord(payload: Uint8Array): Uint8Array {
  const bytes = new Uint8Array(headerBytes + payload.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, payload.length, true)
  view.setUint32(4, crc32(payload), true)
  bytes.set(payload, headerBytes)
  return bytes
}

/** The whole records from the start, and where the first torn one begins. */
export function decodeRecords(bytes: Uint8Array): { readonly records: Uint8Array[]; readonly end: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const records: Uint8Array[] = []
  let at = 0
  while (at + headerBytes <= bytes.length) {
    const end = at + headerBytes + view.getUint32(at, true)
    if (end > bytes.length) break
    const payload = bytes.slice(at + headerBytes, end)
    if (crc32(payload) !== view.getUint32(at + 4, true)) break
    records.push(payload)
    at = end
  }
  return { records, end: at }
}
