import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openPeerHome } from '../../../../peers/wiring/peer-home.ts'

const withFolder = async (body: (folder: string) => Promise<void>): Promise<void> => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-home-'))
  await body(folder).finally(() => rm(folder, { recursive: true }))
}

test('openPeerHome() makes a key that only the owner reads, and keeps it', () =>
  withFolder(async (folder) => {
    const first = await openPeerHome(folder)
    await first.close()
    const second = await openPeerHome(folder)
    await second.close()
    assert.deepEqual(second.key, first.key)
    assert.equal(first.key.length, 32)
    assert.equal((await stat(join(folder, 'key'))).mode & 0o777, 0o600)
  }))

test('openPeerHome() keeps a second peer of this process out, and of two at once lets one in', () =>
  withFolder(async (folder) => {
    const both = await Promise.allSettled([openPeerHome(folder), openPeerHome(join(folder, '.'))])
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    assert.equal(await readFile(join(folder, 'lock'), 'utf8'), String(process.pid))
    for (const one of both) if (one.status === 'fulfilled') await one.value.close()
    await (await openPeerHome(folder)).close()
    assert.deepEqual((await readdir(folder)).sort(), ['key', 'store'])
  }))

test('openPeerHome() keeps out who finds the lock of a process that lives, and lets in once that is gone', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'lock'), String(process.ppid))
    await assert.rejects(openPeerHome(folder), { code: 'home.in-use' })
    // Above the largest process id of any system.
    await writeFile(join(folder, 'lock'), '999999999')
    await (await openPeerHome(folder)).close()
  }))

test('openPeerHome() does not mind the lock of an earlier process that had the same number', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'lock'), String(process.pid))
    await (await openPeerHome(folder)).close()
  }))

test('openPeerHome() refuses a key that is none', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'key'), 'secret')
    await assert.rejects(openPeerHome(folder), { code: 'home.key' })
    await rm(join(folder, 'key'))
    await (await openPeerHome(folder)).close()
  }))

test('keepSynthetic() writes one example a line', () =>
  withFolder(async (folder) => {
    const home = await openPeerHome(folder)
    await home.keepSynthetic(2, [
      { instruction: 'Say a', response: 'a' },
      { instruction: 'Say b', response: 'b' },
    ])
    const lines = (await readFile(join(folder, 'synthetic', 'round-2.jsonl'), 'utf8')).trim().split('\n')
    assert.deepEqual(
      lines.map((line) => JSON.parse(line).response),
      ['a', 'b'],
    )
    await home.close()
  }))
