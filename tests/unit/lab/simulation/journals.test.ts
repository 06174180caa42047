import assert from 'node:assert/strict'
import { test } from 'node:test'
import { encodeLedgerRecord, type LedgerRecord } from '../../../../peers/behaviour/averaging/journal-record.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../peers/wiring/memory-store.ts'
import { createJournals, type Journal, keepsSum } from '../../../../src/lab/simulation/journals.ts'

const begin = (session: string, ...value: number[]): LedgerRecord => {
  const begun = [{ session, incarnation: 1, attempts: 0 }]
  return { type: 'checkpoint', begun, value: Int32Array.from(value), committed: [], closed: [] }
}
const delta = Int32Array.of(3, -2)
const committed: LedgerRecord = { type: 'committed', xid: 'x', to: 'b', delta }
const prepared: LedgerRecord = { type: 'prepared', xid: 'x', from: 'a', mixing: 0, delta }
const applied: LedgerRecord = { type: 'applied', xid: 'x' }
const dropped: LedgerRecord = { type: 'dropped', xid: 'x' }

/** A checkpoint replaces the journal, everything else is appended. */
async function journal(...records: LedgerRecord[]): Promise<Journal> {
  const journals = createJournals()
  const store = journals.follow('peer', openMemoryStore(createMemoryDisk()))
  assert.equal(journals.of('peer'), undefined)
  for (const record of records) {
    const bytes = encodeLedgerRecord(record)
    await (record.type === 'checkpoint' ? store.replaceLog('exchange', [bytes]) : store.append('exchange', bytes))
  }
  const followed = journals.of('peer')
  assert.ok(followed)
  return followed
}

test('Journals.follow() knows what a member holds: its start, committed deltas added, applied ones taken off', async () => {
  assert.deepEqual((await journal(begin('s', 1, 1), committed)).value, Int32Array.of(4, -1))
  assert.deepEqual((await journal(begin('s', 1, 1), prepared)).value, Int32Array.of(1, 1))
  assert.deepEqual((await journal(begin('s', 1, 1), prepared, applied)).value, Int32Array.of(-2, 3))
})

test('Journals.follow() tells a compacted journal from a new session', async () => {
  const same = await journal(begin('s', 1, 1), committed, begin('s', 4, -1))
  assert.deepEqual([same.start, same.value], [Int32Array.of(1, 1), Int32Array.of(4, -1)])
  const next = await journal(begin('s', 1, 1), committed, begin('t', 4, -1))
  assert.deepEqual([next.session, next.start, next.committed.size], ['t', Int32Array.of(4, -1), 0])
})

test('Journals.follow() adds updates to what a member holds, and remembers what it gave up for another state', async () => {
  const updated: LedgerRecord = { type: 'updated', delta: Int32Array.of(7, 0) }
  const own = await journal(begin('s', 1, 1), updated, committed)
  assert.deepEqual([own.value, own.updates], [Int32Array.of(11, -1), Int32Array.of(7, 0)])
  assert.ok(keepsSum([own]))
  assert.ok(!keepsSum([{ ...own, updates: Int32Array.of(6, 0) }]))
  const journals = createJournals()
  const store = journals.follow('peer', openMemoryStore(createMemoryDisk()))
  for (const record of [begin('s', 1, 1), begin('s', 5, 5)]) {
    await store.replaceLog('exchange', [encodeLedgerRecord(record)])
  }
  assert.deepEqual(
    [journals.past().map(({ value }) => [...value]), journals.of('peer')?.start],
    [[[1, 1]], Int32Array.of(5, 5)],
  )
})

test('Journals.members() still has who began another session while the rest was in it, with what it held', async () => {
  const journals = createJournals()
  const store = journals.follow('peer', openMemoryStore(createMemoryDisk()))
  for (const record of [begin('s', 1, 1), begin('t', 5, 5)]) {
    await store.replaceLog('exchange', [encodeLedgerRecord(record)])
  }
  const held = (session: string) => journals.members(session).map(([peer, { value }]) => [peer, ...value])
  assert.deepEqual([held('s'), held('t'), journals.past()], [[['peer', 1, 1]], [['peer', 5, 5]], []])
})

test('keepsSum() holds before, between and after the two ends of an exchange, and not where one end lost it', async () => {
  const [before, during, after] = [
    await journal(begin('s', 5, 5)),
    await journal(begin('s', 5, 5), prepared),
    await journal(begin('s', 5, 5), prepared, applied),
  ]
  const a = await journal(begin('s', 1, 1), committed)
  assert.ok(keepsSum([await journal(begin('s', 1, 1)), before]))
  assert.ok(keepsSum([a, during]))
  assert.ok(keepsSum([a, after]))
  assert.ok(!keepsSum([await journal(begin('s', 1, 1)), after]))
  const gone = await journal(begin('s', 5, 5), prepared, dropped)
  assert.ok(!keepsSum([a, gone]))
  assert.ok(keepsSum([a, gone], new Set(['x'])))
  assert.ok(keepsSum([await journal(begin('s', 1, 1)), gone]))
})
