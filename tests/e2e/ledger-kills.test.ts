/** The exchange journal on a real disk, under kill -9 of either side or both, in the middle of whatever they do. */

import assert from 'node:assert/strict'
import { type ChildProcess, fork } from 'node:child_process'
import { once } from 'node:events'
import { mkdtemp, rm, stat } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { recoverLedger } from '../../peers/behaviour/averaging/journal.ts'
import { decodeLedgerRecord } from '../../peers/behaviour/averaging/journal-record.ts'
import { openDiskStore } from '../../peers/wiring/disk-store.ts'
import { fixed } from '../../src/averaging/codecs/fixed.ts'
import { sha256 } from '../../src/averaging/digest.ts'
import { createRandom } from '../../src/core/random.ts'
import type { FromChild, ToChild } from './ledger-child.ts'

const entry = fileURLToPath(new URL('ledger-child.ts', import.meta.url))
/** 80 kB a record, so that the journal is written anew every few exchanges. */
const length = 20_000
const kills = 12
const keys = ['a', 'b'] as const
type Key = (typeof keys)[number]

test('the sum of two peers is what it was after each kill -9, on a journal that stays short', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-ledger-'))
  const random = createRandom('kills')
  const children = new Map<Key, ChildProcess>()
  let routed = 0
  const committed = new Set<string>()
  let wake = (): void => {}

  const start = async (key: Key): Promise<void> => {
    const other = key === 'a' ? 'b' : 'a'
    const child = fork(entry, [key, other, join(folder, key)], { execArgv: [], serialization: 'advanced' })
    child.on('message', (message: FromChild) => {
      if (message.type !== 'exchange') return
      routed += 1
      if (message.message.type === 'commit') committed.add(message.message.xid)
      wake()
      if (children.has(key)) tell(other, { type: 'exchange', from: key, message: message.message })
    })
    children.set(key, child)
    await answer(key, 'ready')
  }
  const tell = (key: Key, message: ToChild): void => {
    const child = children.get(key)
    if (child?.connected) child.send(message, () => {})
  }
  const answer = async <T extends FromChild['type']>(key: Key, type: T): Promise<Extract<FromChild, { type: T }>> => {
    const signal = AbortSignal.timeout(120_000)
    for (;;) {
      const [message] = (await once(children.get(key) as ChildProcess, 'message', { signal })) as [FromChild]
      if (message.type === type) return message as Extract<FromChild, { type: T }>
    }
  }
  const ask = (key: Key) => {
    const reported = answer(key, 'report')
    tell(key, { type: 'report' })
    return reported
  }
  const kill = async (key: Key): Promise<void> => {
    const child = children.get(key) as ChildProcess
    children.delete(key)
    const gone = once(child, 'exit')
    child.kill('SIGKILL')
    await gone
  }
  /** Ends the session and waits until nobody doubts anything, twice in a row. */
  const heal = async () => {
    for (const key of keys) tell(key, { type: 'end' })
    for (let calm = 0; ; ) {
      await sleep(150)
      const [a, b] = await Promise.all([ask('a'), ask('b')])
      calm = a.doubts + b.doubts === 0 ? calm + 1 : 0
      if (calm === 2) return { a, b }
    }
  }
  const sum = (a: Int32Array, b: Int32Array): number[] => Array.from(a, (value, c) => value + (b[c] as number))

  try {
    await Promise.all(keys.map(start))
    const values = keys.map(() => Int32Array.from({ length }, () => random.below(2_000_001) - 1_000_000))
    const total = sum(values[0] as Int32Array, values[1] as Int32Array)
    let longest = 0
    for (let round = 0; round < kills; round++) {
      for (const [i, key] of keys.entries()) {
        const begun = answer(key, 'begun')
        const value = round === 0 ? { value: values[i] as Int32Array } : {}
        tell(key, { type: 'begin', session: `session ${round}`, ...value })
        await begun
      }
      const until = routed + 1 + random.below(40)
      while (routed < until) await new Promise<void>((resolve) => (wake = resolve))
      await sleep(random.next() * 4)
      const victims: Key[] = [['a'], ['b'], ['a', 'b']][round % 3] as Key[]
      await Promise.all(victims.map(kill))
      const sizes = await Promise.all(keys.map((key) => stat(join(folder, key, 'exchange.log'))))
      longest = Math.max(longest, ...sizes.map(({ size }) => size))
      await Promise.all(victims.map(start))
      const { a, b } = await heal()
      assert.deepEqual(sum(a.value, b.value), total, `the sum moved with kill ${round + 1}, of ${victims}`)
      for (const [key, { value }] of [
        ['a', a],
        ['b', b],
      ] as const) {
        const records = await (await openDiskStore(join(folder, key))).readLog('exchange')
        const config = { self: key, incarnation: 0, scale: '', codec: fixed, digest: sha256 }
        const { value: onDisk } = recoverLedger(config, records.map(decodeLedgerRecord))
        assert.ok(Buffer.from(onDisk.buffer).equals(Buffer.from(value.buffer)), `${key}: memory and journal differ`)
      }
    }
    t.diagnostic(`${committed.size} exchanges committed, longest journal ${longest} bytes`)
    assert.ok(committed.size > kills, `${committed.size} exchanges committed: too little happened`)
    // A value, four deltas in doubt, ten times as much behind them, and a record: not all that was ever written.
    assert.ok(longest < 60 * 4 * length, `the journal had ${longest} bytes`)
  } finally {
    for (const child of children.values()) child.kill('SIGKILL')
    await rm(folder, { recursive: true, force: true })
  }
})
