import assert from 'node:assert/strict'
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { encodeLedgerRecord, type LedgerRecord } from '../../../../../peers/behaviour/averaging/journal-record.ts'
import { createVirtualClock } from '../../../../../peers/kernel/virtual-clock.ts'
import { openJournal } from '../../../../../peers/wiring/averaging/journal-log.ts'
import { openLedger } from '../../../../../peers/wiring/averaging/ledger-driver.ts'
import { openDiskStore } from '../../../../../peers/wiring/disk-store.ts'
import { encodeRecord } from '../../../../../peers/wiring/log-record.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../../peers/wiring/memory-store.ts'

const begun = [{ session: 's', incarnation: 1, attempts: 0 }]
const checkpoint = (value: Int32Array): LedgerRecord => ({
  type: 'checkpoint',
  begun,
  value,
  committed: [],
  closed: [],
})
const committed = (delta: Int32Array): LedgerRecord => ({ type: 'committed', xid: 'a.1.1', to: 'b', delta })
const network = { self: 'a', send: async () => {}, subscribe: () => () => {} }

test('openLedger() over a journal torn at any byte of its last record holds the value before it, and after it if whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-journal-'))
  const records = [checkpoint(Int32Array.of(10, -7)), committed(Int32Array.of(5, 8))]
  const [first, last] = records.map((record) => encodeRecord(encodeLedgerRecord(record))) as [Uint8Array, Uint8Array]
  await mkdir(folder, { recursive: true })
  for (let length = 0; length <= last.length; length++) {
    await writeFile(join(folder, 'exchange.log'), [first, last.subarray(0, length)])
    const store = await openDiskStore(folder)
    const ledger = await openLedger({ network, store, clock: createVirtualClock(), emit: () => {} })
    assert.deepEqual([...ledger.state()], length < last.length ? [10, -7] : [15, 1], `${length} bytes`)
    await ledger.close()
  }
  await rm(folder, { recursive: true })
})

test('openLedger() refuses a count of starts that is none, because an xid could be named twice', async () => {
  const store = openMemoryStore(createMemoryDisk())
  await store.write('exchange.incarnation', new TextEncoder().encode('many'))
  const opening = openLedger({ network, store, clock: createVirtualClock(), emit: () => {} })
  await assert.rejects(opening, { code: 'ledger.incarnation', message: /expected a count of starts, got "many"/ })
})

test('openJournal() is long once ten times what it was begun with is appended, also counted over a restart', async () => {
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
