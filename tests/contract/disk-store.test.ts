import assert from 'node:assert/strict'
import { appendFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
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

test('openDiskStore() cuts a record whose bytes were changed', async () => {
  const folder = await scratch()
  const store = await openDiskStore(folder)
  await store.append('log', Uint8Array.of(1))
  await store.append('log', Uint8Array.of(2))
  const bytes = await readFile(join(folder, 'log.log'))
  bytes[bytes.length - 1] = 9
  await writeFile(join(folder, 'log.log'), bytes)
  assert.deepEqual(await (await openDiskStore(folder)).readLog('log'), [Uint8Array.of(1)])
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
