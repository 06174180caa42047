import assert from 'node:assert/strict'
import { mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readEvents } from '../../../src/lab/run-folder.ts'
import { eventsOf } from './events.ts'

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'fedpit-run-'))

test('readEvents() reads a log of many pieces, and leaves out a last line that was cut short', async () => {
  const run = await folder()
  const events = Array.from({ length: 400 }, (_, i) => eventsOf(`zoë-${i}`, 'aa')).flat()
  const lines = events.map((event) => `${JSON.stringify(event)}\n`)
  await writeFile(join(run, 'events.jsonl'), `${lines.join('')}{"at":1,"pe`)
  assert.deepEqual(await readEvents(run), events)
})

test('readEvents() of no run names the file', async () => {
  const run = await folder()
  await assert.rejects(readEvents(run), { code: 'run.absent', message: /events\.jsonl: expected the folder.* ENOENT/ })
})
