import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { LedgerRecord } from '../../../../../peers/behaviour/averaging/journal-record.ts'
import { openJournal } from '../../../../../peers/wiring/averaging/journal-log.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../../peers/wiring/memory-store.ts'

const checkpoint = (value: Int32Array): LedgerRecord => ({
  type: 'checkpoint',
  begun: [],
  value,
  committed: [],
  closed: [],
})
const committed = (delta: Int32Array): LedgerRecord => ({ type: 'committed', xid: 'a.1.1', to: 'b', delta })

test('EX-15: openJournal() is long once ten times what it was begun with is appended, also counted over a restart', async () => {
  const store = openMemoryStore(createMemoryDisk())
  const value = new Int32Array(10_000)
  const journal = await openJournal(store)
  await journal.replace([checkpoint(value)])
  let appended = 0
  for (; !journal.isLong(); appended++) await journal.append(committed(value))
  assert.equal(appended, 11)
  const again = await openJournal(store)
  assert.equal(again.records.length, 12)
  assert.ok(again.isLong())
  await again.replace([checkpoint(value), committed(value)])
  assert.ok(!again.isLong())
  const short = await openJournal(openMemoryStore(createMemoryDisk()))
  await short.replace([checkpoint(Int32Array.of(1))])
  for (let i = 0; i < 100; i++) await short.append(committed(Int32Array.of(1)))
  assert.ok(!short.isLong(), 'a few kilobytes are left alone')
})
