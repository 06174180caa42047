import assert from 'node:assert/strict'
import { mkdtemp, rm, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { topologySource } from '../../../peers/wiring/topology.ts'
import { readWholeText } from '../../../src/files/read-whole.ts'
import { readPeftAdapter } from '../../../src/lora/peft.ts'
import type { ModelConfig } from '../../../src/model/config.ts'
import { readJson } from '../../../src/model/hf-directory.ts'

const kind = { area: 'note', expected: 'a note', maxBytes: 5 }

async function withFolder(body: (folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-read-'))
  await body(folder).finally(() => rm(folder, { recursive: true }))
}

test('readWhole() reads a file up to its limit, and says what is wrong with any other', () =>
  withFolder(async (folder) => {
    const file = join(folder, 'note')
    await writeFile(file, 'five!')
    assert.equal(await readWholeText(file, kind), 'five!')
    await writeFile(file, 'is six')
    await assert.rejects(readWholeText(file, kind), { code: 'note.size', message: /expected at most 5 bytes, got 6$/ })
    await assert.rejects(readWholeText(folder, kind), {
      code: 'note.absent',
      message: /expected a note, got a folder$/,
    })
    await assert.rejects(readWholeText(join(folder, 'x'), kind), { code: 'note.absent', message: /got ENOENT$/ })
  }))

test('readWhole() ends where no end comes', { skip: process.platform !== 'linux', timeout: 30_000 }, () =>
  assert.rejects(readWholeText('/dev/zero', kind), {
    code: 'note.size',
    message: /expected at most 5 bytes, got more$/,
  }),
)

test('files that others wrote are refused by their size before they are read', () =>
  withFolder(async (folder) => {
    // Holes: they take no place on the disk.
    const huge = async (name: string): Promise<string> => {
      const path = join(folder, name)
      await writeFile(path, '')
      await truncate(path, 300 << 20)
      return path
    }
    await assert.rejects(readJson(await huge('config.json')), { code: 'file.size' })
    await assert.rejects(topologySource(await huge('graph.txt')).read(), { code: 'topology.size' })
    await huge('adapter_config.json')
    await assert.rejects(readPeftAdapter(folder, {} as ModelConfig), { code: 'peft.size' })
  }))
