import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
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
    first.close()
    const second = await openPeerHome(folder)
    second.close()
    assert.deepEqual(second.key, first.key)
    assert.equal(first.key.length, 32)
    assert.equal((await stat(join(folder, 'key'))).mode & 0o777, 0o600)
  }))

test('openPeerHome() keeps a second peer of this process out, and of two at once lets one in', () =>
  withFolder(async (folder) => {
    const both = await Promise.allSettled([openPeerHome(folder), openPeerHome(join(folder, '.'))])
    assert.deepEqual(both.map(({ status }) => status).sort(), ['fulfilled', 'rejected'])
    for (const one of both) if (one.status === 'fulfilled') one.value.close()
    const again = await openPeerHome(folder)
    again.close()
    assert.deepEqual((await readdir(folder)).sort(), ['key', 'lock.db', 'store'])
  }))

test('openPeerHome() keeps out who finds another process in it, and lets in once that was killed', () =>
  withFolder(async (folder) => {
    const module = import.meta.resolve('../../../../peers/wiring/peer-home.ts')
    const program = `
      import { openPeerHome } from '${module}'
      const home = await openPeerHome('${folder}')
      process.stdout.write('open')
      setTimeout(() => home.close(), 60_000)`
    const other = spawn(process.execPath, ['--input-type=module', '--eval', program], {
      stdio: ['ignore', 'pipe', 'inherit'],
    })
    await once(other.stdout, 'data')
    await assert.rejects(openPeerHome(folder), { code: 'home.in-use' })
    other.kill('SIGKILL')
    await once(other, 'close')
    const home = await openPeerHome(folder)
    home.close()
  }))

test('openPeerHome() says so where the folder cannot be locked', () =>
  withFolder(async (folder) => {
    await mkdir(join(folder, 'lock.db'))
    await assert.rejects(openPeerHome(folder), {
      code: 'files.lock',
      message: /Cannot lock .*fedpit-home-.*lock.db: expected a file/,
    })
  }))

test('openPeerHome() refuses a key that is none', () =>
  withFolder(async (folder) => {
    await writeFile(join(folder, 'key'), 'secret')
    await assert.rejects(openPeerHome(folder), { code: 'home.key' })
    await rm(join(folder, 'key'))
    const home = await openPeerHome(folder)
    home.close()
  }))

test('newestSynthetic() gives those of the last round that has any, also to who comes after a kill', () =>
  withFolder(async (folder) => {
    const home = await openPeerHome(folder)
    assert.deepEqual(await home.newestSynthetic(), [])
    const kept = (response: string) => [{ instruction: 'Say it', response }]
    for (const round of [9, 10]) await home.keepSynthetic(round, kept(`round ${round}`))
    await home.keepSynthetic(11, [])
    home.close()
    const again = await openPeerHome(folder)
    assert.deepEqual(await again.newestSynthetic(), kept('round 10'))
    again.close()
  }))

test('newestSynthetic() passes over a file that a kill left half written', () =>
  withFolder(async (folder) => {
    const home = await openPeerHome(folder)
    await mkdir(join(folder, 'synthetic'))
    await writeFile(join(folder, 'synthetic', 'round-1.jsonl.part'), '{"instr')
    assert.deepEqual(await home.newestSynthetic(), [])
    home.close()
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
    home.close()
  }))
