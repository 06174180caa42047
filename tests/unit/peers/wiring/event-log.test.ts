import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import type { PeerEvent } from '../../../../peers/events.ts'
import { closingLog, openEventLog } from '../../../../peers/wiring/event-log.ts'

const event: PeerEvent = { at: 1, peer: 'key-ada', name: 'ada', type: 'stopped', reason: 'done' }
/** Every write to it fails with ENOSPC. */
const fullDisk = '/dev/full'
const skip = !existsSync(fullDisk)
const unwritten = { code: 'event-log.unwritten', family: 'local', message: /Cannot write .*: expected a file .*ENOSPC/ }

test('openEventLog() appends a line an event, and has all of them in the file once it is closed', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-log-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'events.jsonl')
  for (let life = 0; life < 2; life++) {
    const log = openEventLog(file)
    for (let i = 0; i < 500; i++) log.write(event)
    await log.close()
  }
  assert.equal(await readFile(file, 'utf8'), `${JSON.stringify(event)}\n`.repeat(1000))
})

test('openEventLog() on a full disk takes what it is given, and says so when it is closed', { skip }, async () => {
  const log = openEventLog(fullDisk)
  for (let i = 0; i < 1000; i++) log.write(event)
  await assert.rejects(log.close(), unwritten)
})

test('openEventLog() where there is no such folder says so when it is closed', async () => {
  await assert.rejects(openEventLog('/nowhere/at/all').close(), { code: 'event-log.unwritten', message: /ENOENT/ })
})

test('closingLog() tells what failed in the work, and what the log lacks where nothing did', { skip }, async () => {
  const work = (end: () => number) => {
    const log = openEventLog(fullDisk)
    return closingLog(log, async () => {
      log.write(event)
      return end()
    })
  }
  const lost = () => {
    throw new Error('the engine is gone')
  }
  await assert.rejects(work(lost), { message: 'the engine is gone' })
  await assert.rejects(
    work(() => 1),
    unwritten,
  )
})
