/**
 * What a peer writes down about its exchanges. A record is durable before anything that follows from it is said.
 *
 * In bytes: the length of the JSON head (u32), the head, then the record's integers (int32), little endian, as every
 * platform's that ONNX Runtime runs on.
 */
import { localError } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'

export type LedgerRecord =
  /** All that went before, but for what is in doubt: that follows it as `prepared` records. */
  | {
      readonly type: 'checkpoint'
      readonly begun: readonly Begun[]
      readonly value: Int32Array
      readonly committed: readonly (Committed & { readonly xid: string })[]
      readonly closed: readonly (readonly [xid: string, Closed])[]
    }
  | {
      readonly type: 'prepared'
      readonly xid: string
      readonly from: PeerKey
      readonly mixing: number
      readonly delta: Int32Array
    }
  | { readonly type: 'committed'; readonly xid: string; readonly to: PeerKey; readonly delta: Int32Array }
  /** The peer's own work, where a session goes on while it works. */
  | { readonly type: 'updated'; readonly delta: Int32Array }
  | { readonly type: 'applied'; readonly xid: string }
  | { readonly type: 'dropped'; readonly xid: string }

/** A session, and how far this peer had come with its xids when it began. */
export interface Begun {
  readonly session: string
  readonly incarnation: number
  readonly attempts: number
}

/** An exchange that this peer committed as initiator. */
export interface Committed {
  readonly to: PeerKey
  readonly deltaDigest: string
  /** Largest magnitude in its delta: what the sum may be off by, a coordinate, if the partner never learns of it. */
  readonly units: number
  readonly acknowledged: boolean
}

/**
 * What became of an exchange that this peer had prepared as responder. `void`: it was in doubt when the peer took another
 * state in the place of its own.
 */
export type Closed = 'applied' | 'dropped' | 'void'

export function encodeLedgerRecord(record: LedgerRecord): Uint8Array {
  const integers = 'value' in record ? record.value : 'delta' in record ? record.delta : none
  const json = JSON.stringify(headOf(record))
  const length = Buffer.byteLength(json)
  const bytes = new Uint8Array(4 + length + integers.byteLength)
  new DataView(bytes.buffer).setUint32(0, length, true)
  encoder.encodeInto(json, bytes.subarray(4))
  bytes.set(new Uint8Array(integers.buffer, integers.byteOffset, integers.byteLength), 4 + length)
  return bytes
}

/** The record without its integers, field by field where it is written for every exchange. */
function headOf(record: LedgerRecord): object {
  switch (record.type) {
    case 'checkpoint': {
      const { value: _, ...head } = record
      return head
    }
    case 'prepared':
      return { type: record.type, xid: record.xid, from: record.from, mixing: record.mixing }
    case 'committed':
      return { type: record.type, xid: record.xid, to: record.to }
    case 'updated':
      return { type: record.type }
    case 'applied':
    case 'dropped':
      return record
  }
}

const encoder = new TextEncoder()
const decoder = new TextDecoder()
const none = new Int32Array()

/** The store has checked the bytes; what can be wrong with them is that another version of the program wrote them. */
export function decodeLedgerRecord(bytes: Uint8Array): LedgerRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(0, true)
  const head = JSON.parse(decoder.decode(bytes.subarray(4, 4 + length)))
  // A copy, because an Int32Array must begin at a multiple of 4; not by slice(), which is a view where a Buffer came in.
  const integers = (): Int32Array => new Int32Array(new Uint8Array(bytes.subarray(4 + length)).buffer)
  switch (head.type) {
    case 'checkpoint':
      if (![head.begun, head.committed, head.closed].every(Array.isArray)) break
      return { ...head, value: integers() }
    case 'prepared':
    case 'committed':
    case 'updated':
      return { ...head, delta: integers() }
    case 'applied':
    case 'dropped':
      return head
  }
  const got = JSON.stringify(head).slice(0, 200)
  throw localError('ledger.record', `Cannot read the exchange journal: expected a record of this version, got ${got}`)
}
