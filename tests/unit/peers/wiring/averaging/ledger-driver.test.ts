import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setImmediate } from 'node:timers/promises'
import { encodeLedgerRecord, type LedgerRecord } from '../../../../../peers/behaviour/averaging/journal-record.ts'
import type { PeerEventBody } from '../../../../../peers/events.ts'
import type { NetworkEvent, Store } from '../../../../../peers/kernel/ports.ts'
import { createVirtualClock } from '../../../../../peers/kernel/virtual-clock.ts'
import { openLedger } from '../../../../../peers/wiring/averaging/ledger-driver.ts'
import { openDiskStore } from '../../../../../peers/wiring/disk-store.ts'
import { encodeRecord } from '../../../../../peers/wiring/log-record.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../../peers/wiring/memory-store.ts'
import type { ExchangeMessage } from '../../../../../protocols/exchange/messages.ts'
import { fixed } from '../../../../../src/averaging/codecs/fixed.ts'
import { sha256 } from '../../../../../src/averaging/digest.ts'
import { mixingGrid, weightGrid } from '../../../../../src/averaging/fixed-point.ts'

const begun = [{ session: 's', incarnation: 1, attempts: 0 }]
const value = Int32Array.of(10, -7)
const checkpoint: LedgerRecord = { type: 'checkpoint', begun, value, committed: [], closed: [] }

/** Peer b's driver, with what it said and what happened to it; `sent` says when a message is on its way. */
async function open(store: Store, sent: () => Promise<void> = async () => {}) {
  const said: ExchangeMessage['type'][] = []
  const events: PeerEventBody[] = []
  const listeners = new Set<(event: NetworkEvent) => void>()
  const network = {
    self: 'b',
    send(_: string, { type }: ExchangeMessage) {
      said.push(type)
      return sent()
    },
    subscribe(listener: (event: NetworkEvent) => void) {
      listeners.add(listener)
      return () => listeners.delete(listener)
    },
  }
  const ports = { network, store, clock: createVirtualClock(), emit: (event: PeerEventBody) => void events.push(event) }
  const ledger = await openLedger({ ...ports, codec: fixed })
  const hear = (message: ExchangeMessage): void => {
    for (const listener of listeners) listener({ type: 'exchange', from: 'a', message })
  }
  return { ledger, said, events, hear }
}

test('EX-16: openLedger() over a journal torn at any byte of its last record holds the value before it, and after it if whole', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-journal-'))
  const committed: LedgerRecord = { type: 'committed', xid: 'b.1.1', to: 'c', delta: Int32Array.of(5, 8) }
  const [first, last] = [checkpoint, committed].map((record) => encodeRecord(encodeLedgerRecord(record))) as [
    Uint8Array,
    Uint8Array,
  ]
  for (let length = 0; length <= last.length; length++) {
    await writeFile(join(folder, 'exchange.log'), [first, last.subarray(0, length)])
    const { ledger } = await open(await openDiskStore(folder))
    assert.deepEqual([...ledger.state()], length < last.length ? [10, -7] : [15, 1], `${length} bytes`)
    await ledger.close()
  }
  await rm(folder, { recursive: true })
})

test('openLedger() refuses a count of starts that is none, because an xid could be named twice', async () => {
  const store = openMemoryStore(createMemoryDisk())
  await store.write('exchange.incarnation', new TextEncoder().encode('many'))
  await assert.rejects(open(store), { code: 'ledger.incarnation', message: /expected a count of starts, got "many"/ })
})

test('EX-14: begin() reports what was in doubt, and the journal no longer has it', async () => {
  const store = openMemoryStore(createMemoryDisk())
  const prepared: LedgerRecord = { type: 'prepared', xid: 'a.1.1', from: 'a', mixing: 0, delta: Int32Array.of(5, -8) }
  await store.replaceLog('exchange', [checkpoint, prepared].map(encodeLedgerRecord))
  const { ledger, events } = await open(store)
  assert.deepEqual(ledger.doubts(), ['a'])
  const drift = { type: 'drift', other: 'a', xid: 'a.1.1', units: 8 }
  assert.deepEqual(ledger.driftAtEnd(), [{ ...drift, reason: 'in doubt when this peer came to its end' }])
  assert.ok(ledger.hasBegun('s') && !ledger.hasBegun('t'))
  await ledger.begin('t', value)
  assert.deepEqual(events, [{ ...drift, reason: 'in doubt when the next session began' }])
  assert.deepEqual([ledger.doubts(), ledger.driftAtEnd(), (await store.readLog('exchange')).length], [[], [], 1])
  await ledger.close()
})

test('EX-4: a peer whose disk fails says nothing that rests on it, then or later, and shows no state', async () => {
  const store = openMemoryStore(createMemoryDisk())
  let full = false
  const append: Store['append'] = (log, record) =>
    full ? Promise.reject(new Error('No space left')) : store.append(log, record)
  const { ledger, said, hear } = await open({ ...store, append })
  await ledger.begin('s', value)
  ledger.round(0, new Map([['a', { num: 1, den: 2 }]]))
  const scale = `int32/2^${mixingGrid.exponent}/2^${weightGrid.exponent}/fixed`
  const offer = {
    type: 'offer',
    session: 's',
    round: 0,
    num: 1,
    den: 2,
    scale,
    state: fixed.encode(value, value).bytes,
  } as const
  const ticks = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  hear({ ...offer, xid: 'a.1.1' })
  await ticks()
  assert.deepEqual(said, ['counter'])
  full = true
  hear({ ...offer, xid: 'a.1.2' })
  await ticks()
  full = false
  hear({ ...offer, xid: 'a.1.3' })
  await ticks()
  assert.deepEqual(said, ['counter'])
  assert.throws(() => ledger.state(), /No space left/)
  await ledger.close()
})

test('isAnswering() until the ACK has been sent: its partner would otherwise report what was applied', async () => {
  const store = openMemoryStore(createMemoryDisk())
  const delta = Int32Array.of(5, -8)
  const prepared: LedgerRecord = { type: 'prepared', xid: 'a.1.1', from: 'a', mixing: 0, delta }
  await store.replaceLog('exchange', [checkpoint, prepared].map(encodeLedgerRecord))
  const { promise, reject } = Promise.withResolvers<void>()
  const { ledger, said, hear } = await open(store, () => promise)
  hear({ type: 'commit', xid: 'a.1.1', deltaDigest: sha256(delta) })
  assert.deepEqual(ledger.driftAtEnd(), [])
  assert.equal(ledger.isAnswering(), true)
  await setImmediate()
  assert.deepEqual([said, ledger.isAnswering()], [['ack'], true])
  reject(new Error('The connection is gone'))
  await setImmediate()
  assert.equal(ledger.isAnswering(), false)
  await ledger.close()
})
