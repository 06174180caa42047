/** The exchange journal in a peer's store, and when it is time to write it anew. */
import { encodeLedgerRecord, type LedgerRecord } from '../../behaviour/averaging/journal-record.ts'
import type { Store } from '../../kernel/ports.ts'

export interface JournalLog {
  /** As the last life of the peer left them. */
  readonly records: readonly Uint8Array[]
  append(record: LedgerRecord): Promise<void>
  replace(records: readonly LedgerRecord[]): Promise<void>
  /** So much was appended since it was last replaced that replacing it again pays. */
  isLong(): boolean
}

const log = 'exchange'
/** Appended bytes, as a multiple of what was last written anew: that costs a tenth more writing, and bounds the file. */
const growth = 10
/** A short journal is left alone. */
const leastBytes = 65_536

export async function openJournal(store: Store): Promise<JournalLog> {
  const records = await store.readLog(log)
  const [first, ...rest] = records.map(({ length }) => length)
  let written = first ?? 0
  let appended = rest.reduce((sum, length) => sum + length, 0)
  return {
    records,
    append(record) {
      const bytes = encodeLedgerRecord(record)
      appended += bytes.length
      return store.append(log, bytes)
    },
    async replace(next) {
      const encoded = next.map(encodeLedgerRecord)
      await store.replaceLog(log, encoded)
      written = encoded.reduce((sum, { length }) => sum + length, 0)
      appended = 0
    },
    isLong: () => appended > Math.max(leastBytes, growth * written),
  }
}
