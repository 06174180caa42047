import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readdir, readFile, rename, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openDiskStore } from '../../peers/wiring/disk-store.ts'
import { encodeRecord } from '../../peers/wiring/log-record.ts'
import { storeContract } from './store.ts'

const scratch = (): Promise<string> => mkdtemp(join(tmpdir(), 'fedpit-store-'))

storeContract('disk', async () => {
  const folder = await scratch()
  return {
    store: await openDiskStore(folder),
    reopen: () => openDiskStore(folder),
    cleanUp: () => rm(folder, { recursive: true }),
  }
})

test('openDiskStore() cuts a record torn at any byte, and the log can grow again', async () => {
  const folder = await scratch()
  const torn = encodeRecord(Uint8Array.of(4, 5, 6))
  for (let length = 0; length < torn.length; length++) {
    await (await openDiskStore(folder)).replaceLog('log', [Uint8Array.of(1), Uint8Array.of(2, 3)])
    await appendFile(join(folder, 'log.log'), torn.subarray(0, length))
    const store = await openDiskStore(folder)
    assert.deepEqual(await store.readLog('log'), [Uint8Array.of(1), Uint8Array.of(2, 3)], `torn after ${length} bytes`)
    await store.append('log', Uint8Array.of(7))
    assert.deepEqual(await store.readLog('log'), [Uint8Array.of(1), Uint8Array.of(2, 3), Uint8Array.of(7)])
  }
  await rm(folder, { recursive: true })
})

test('openDiskStore() refuses a log with any byte changed before its last record, and cuts one changed in that', async () => {
  const folder = await scratch()
  const path = join(folder, 'log.log')
  const records = [Uint8Array.of(1, 2), new Uint8Array(), Uint8Array.of(3, 4, 5)]
  await (await openDiskStore(folder)).replaceLog('log', records)
  const whole = await readFile(path)
  const last = whole.length - encodeRecord(records[2] as Uint8Array).length
  for (let at = 0; at < whole.length; at++) {
    const changed = Uint8Array.from(whole)
    changed[at] = (changed[at] as number) ^ 0x40
    await writeFile(path, changed)
    if (at < last) {
      await assert.rejects(openDiskStore(folder), { code: 'store.damaged', family: 'local' }, `byte ${at}`)
      assert.deepEqual(new Uint8Array(await readFile(path)), changed, 'nothing is taken away')
    } else {
      assert.deepEqual(await (await openDiskStore(folder)).readLog('log'), records.slice(0, 2), `byte ${at}`)
    }
  }
  await rm(folder, { recursive: true })
})

test('openDiskStore() finds the old log or the new one, wherever a kill stops its replacement', async () => {
  const folder = await scratch()
  const path = join(folder, 'log.log')
  const [before, after] = [[Uint8Array.of(1), Uint8Array.of(2, 3)], [Uint8Array.of(4, 5, 6)]]
  const fresh = Buffer.concat(after.map(encodeRecord))
  // Before the rename the new file grows beside the old one; the rename is one step.
  for (let written = 0; written <= fresh.length; written++) {
    await (await openDiskStore(folder)).replaceLog('log', before)
    await writeFile(`${path}.7.part`, fresh.subarray(0, written))
    assert.deepEqual(await (await openDiskStore(folder)).readLog('log'), before, `${written} bytes written`)
    assert.deepEqual(await readdir(folder), ['log.log'])
  }
  await writeFile(`${path}.8.part`, fresh)
  await rename(`${path}.8.part`, path)
  assert.deepEqual(await (await openDiskStore(folder)).readLog('log'), after)
  await rm(folder, { recursive: true })
})

test('openDiskStore() keeps values and drops what a kill left half written', async () => {
  const folder = await scratch()
  await (await openDiskStore(folder)).write('key', Uint8Array.of(1))
  await writeFile(join(folder, 'key.value.1.part'), 'half')
  const store = await openDiskStore(folder)
  assert.deepEqual(await store.read('key'), Uint8Array.of(1))
  assert.deepEqual(await readdir(folder), ['key.value'])
  assert.equal((await stat(join(folder, 'key.value'))).mode & 0o077, 0, 'others may not read a value')
  await rm(folder, { recursive: true })
})

test('a key that would reach another folder is refused', async () => {
  const folder = await scratch()
  const store = await openDiskStore(folder)
  await assert.rejects(store.write('../out', Uint8Array.of(1)), { name: 'FedpitError', code: 'store.key' })
  await rm(folder, { recursive: true })
})
