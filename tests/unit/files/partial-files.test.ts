import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { sweepPartials } from '../../../src/files/partial-files.ts'

test('sweepPartials() removes what was left an hour ago, and neither a younger one nor anything else', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-partial-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const name of ['a.partial', 'model.safetensors']) await writeFile(join(folder, name), 'x')
  await sweepPartials(folder, Date.now() + 3_000_000)
  assert.deepEqual((await readdir(folder)).sort(), ['a.partial', 'model.safetensors'])
  await sweepPartials(folder, Date.now() + 4_000_000)
  assert.deepEqual(await readdir(folder), ['model.safetensors'])
  await sweepPartials(join(folder, 'absent'))
})
