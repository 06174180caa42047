/**
 * The journal's records as bytes, and the ledger that they define: the checkpoint's value, plus every committed delta,
 * minus every applied one. The value in memory is only a cache of that, so a crash between record and change needs no
 * case of its own.
 *
 * A record is the length of its JSON head (u32), the head, then its integers (int32), little endian.
 */
import { addDelta } from '../../../src/averaging/fixed-point.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import { createLedger, type Ledger, type LedgerConfig, type LedgerRecord, put, without } from './ledger.ts'

export function encodeLedgerRecord(record: LedgerRecord): Uint8Array {
  const integers = 'value' in record ? record.value : 'delta' in record ? record.delta : new Int32Array()
  const { value: _, delta: __, ...head } = record as LedgerRecord & { value?: Int32Array; delta?: Int32Array }
  const json = new TextEncoder().encode(JSON.stringify(head))
  const bytes = new Uint8Array(4 + json.length + 4 * integers.length)
  const view = new DataView(bytes.buffer)
  view.setUint32(0, json.length, true)
  bytes.set(json, 4)
  for (let i = 0; i < integers.length; i++) view.setInt32(4 + json.length + 4 * i, integers[i] as number, true)
  return bytes
}

export function decodeLedgerRecord(bytes: Uint8Array): LedgerRecord {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const length = view.getUint32(0, true)
  const head = JSON.parse(new TextDecoder().decode(bytes.subarray(4, 4 + length))) as { type: LedgerRecord['type'] }
  const count = (bytes.length - 4 - length) / 4
  const integers = Int32Array.from({ length: count }, (_, i) => view.getInt32(4 + length + 4 * i, true))
  switch (head.type) {
    case 'checkpoint':
      return { ...head, value: integers } as LedgerRecord
    case 'prepared':
    case 'committed':
      return { ...head, delta: integers } as LedgerRecord
    case 'applied':
    case 'dropped':
      return head as LedgerRecord
  }
}

/** The ledger of a peer that starts again. It takes no further part in the session, but answers for it. */
export function recoverLedger(config: LedgerConfig, records: readonly LedgerRecord[]): Ledger {
  return records.reduce((ledger, record) => replay(ledger, record), createLedger(config))
}

function replay(ledger: Ledger, record: LedgerRecord): Ledger {
  switch (record.type) {
    case 'checkpoint': {
      const { ordinal, value, retained } = record
      const committed = new Map(retained.map(({ xid, ...entry }) => [xid, { ...entry, acknowledged: false }]))
      return { ...createLedger(ledger.config), ordinal, value, committed }
    }
    case 'prepared': {
      const { xid, from, mixing, delta } = record
      return { ...ledger, prepared: put(ledger.prepared, xid, { from, mixing, delta }) }
    }
    case 'committed': {
      const { xid, to, delta } = record
      const entry = { to, deltaDigest: ledger.config.digest(delta), ordinal: ledger.ordinal, acknowledged: false }
      return { ...ledger, value: moved(ledger, delta, 1), committed: put(ledger.committed, xid, entry) }
    }
    case 'applied': {
      const entry = ledger.prepared.get(record.xid)
      if (entry === undefined) return ledger
      const rest = without(ledger.prepared, record.xid)
      const closed = put(ledger.closed, record.xid, 'applied' as const)
      return { ...ledger, value: moved(ledger, entry.delta, -1), prepared: rest, closed }
    }
    case 'dropped':
      return {
        ...ledger,
        prepared: without(ledger.prepared, record.xid),
        closed: put(ledger.closed, record.xid, 'dropped' as const),
      }
  }
}

function moved(ledger: Ledger, delta: Int32Array, sign: 1 | -1): Int32Array {
  const value = addDelta(ledger.value, delta, sign)
  if (value === undefined) {
    throw new FedpitError('Cannot replay the exchange journal: a recorded delta leaves int32', {
      family: 'bug',
      code: 'ledger.overflow',
    })
  }
  return value
}
