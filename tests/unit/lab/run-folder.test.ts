import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, readFile, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { peerFileTemplate } from '../../../src/lab/peer-template.ts'
import { readEvents, readHomes } from '../../../src/lab/read-run.ts'
import {
  collectAdapters,
  createRunFolder,
  isRunFolder,
  writeReport,
  writeReportOfHomes,
} from '../../../src/lab/run-folder.ts'
import { eventsOf } from './events.ts'

const folder = (): Promise<string> => mkdtemp(join(tmpdir(), 'fedpit-run-'))
const lines = (...of: readonly unknown[]): string => of.map((one) => `${JSON.stringify(one)}\n`).join('')

test('readEvents() reads a log of many pieces, and leaves out a last line that was cut short', async () => {
  const run = await folder()
  const events = Array.from({ length: 400 }, (_, i) => eventsOf(`zoë-${i}`, 'aa')).flat()
  await writeFile(join(run, 'events.jsonl'), `${lines(...events)}{"at":1,"pe`)
  assert.deepEqual(await readEvents(run), events)
})

test('readEvents() of no run names the file', async () => {
  const run = await folder()
  await assert.rejects(readEvents(run), { code: 'run.absent', message: /events\.jsonl: expected the folder.* ENOENT/ })
})

test('readEvents() names a line that is no event', async () => {
  const run = await folder()
  const [event] = eventsOf('ada', 'aa')
  for (const bad of ['{"at":1,"pe\n', 'null\n', '{"type":"stopped"}\n']) {
    await writeFile(join(run, 'events.jsonl'), `${lines(event)}${bad}${lines(event)}`)
    await assert.rejects(readEvents(run), {
      code: 'run.damaged',
      message: /^Cannot read .*events\.jsonl, line 2: expected .*, got "/,
    })
  }
})

test('readHomes() joins the events of several homes in the order of their clocks, and writeReportOfHomes() reports them', async () => {
  const [one, two] = [await folder(), await folder()]
  const [ada, bob] = [eventsOf('ada', 'aa'), eventsOf('bob', 'aa')]
  await writeFile(join(one, 'events.jsonl'), lines(...ada))
  await writeFile(join(two, 'events.jsonl'), lines(...bob))
  await writeFile(join(two, 'fedpit.yaml'), peerFileTemplate({ name: 'bob', data: 'bob.jsonl', join: [] }))
  const events = await readHomes([two, one])
  assert.equal(events.length, ada.length + bob.length)
  assert.ok(events.every(({ at }, i) => i === 0 || at >= (events[i - 1]?.at ?? 0)))
  assert.deepEqual([isRunFolder(one), isRunFolder(two)], [false, false])
  const page = await readFile(await writeReportOfHomes(two, events), 'utf8')
  assert.match(page, /2 peers, 3 rounds, smollm2-135m-instruct/)
  for (const name of ['ada', 'bob']) assert.ok(page.includes(name))
})

test('readHomes() refuses two homes whose peers have one name', async () => {
  const [one, two] = [await folder(), await folder()]
  for (const home of [one, two]) await writeFile(join(home, 'events.jsonl'), lines(...eventsOf('ada', 'aa')))
  await assert.rejects(readHomes([one, two]), { code: 'run.names', message: /got two called ada$/ })
})

const start = { name: 'start', seed: 's', model: 'm', rounds: 1, peers: [{ name: 'ada' }, { name: 'bob' }] }

test('createRunFolder() leaves whole files, and writeReport() makes a report of them', async () => {
  const run = await createRunFolder(await folder(), start, new Date(0))
  await run.log.close()
  assert.deepEqual((await readdir(run.path)).sort(), ['events.jsonl', 'run.json', 'scenario.yaml'])
  assert.equal((await readFile(await writeReport(run.path, []), 'utf8')).match(/2 peers, 1 round, m/g)?.length, 1)
})

test('writeReport() names a file that was cut short', async () => {
  const run = await createRunFolder(await folder(), start, new Date(0))
  await run.log.close()
  const damaged = (name: string) => ({
    code: 'run.damaged',
    message: new RegExp(`^Cannot read .*${name}: expected a JSON object, got "`),
  })
  await writeFile(join(run.path, 'simulation.json'), '{"digest": "ab')
  await assert.rejects(writeReport(run.path, []), damaged('simulation\\.json'))
  await writeFile(join(run.path, 'run.json'), '')
  await assert.rejects(writeReport(run.path, []), damaged('run\\.json'))
})

test('collectAdapters() takes the one that all hold from the first peer that has it, or that of each', async () => {
  for (const [same, collected] of [
    [true, { global: 'bob' }],
    [false, { bob: 'bob', cyd: 'cyd' }],
  ] as const) {
    const run = await createRunFolder(await folder(), start, new Date(0))
    await run.log.close()
    for (const peer of ['bob', 'cyd']) {
      const adapter = join(run.home(peer), 'adapters', 'global')
      await mkdir(adapter, { recursive: true })
      await writeFile(join(adapter, 'whose'), peer)
    }
    await collectAdapters(run, ['ada', 'bob', 'cyd'], same)
    const found = await readdir(join(run.path, 'adapters'))
    const whose = found.map(async (name) => [name, await readFile(join(run.path, 'adapters', name, 'whose'), 'utf8')])
    assert.deepEqual(Object.fromEntries(await Promise.all(whose)), collected)
  }
})
