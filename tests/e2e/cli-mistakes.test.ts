/** What a user gets wrong with the commands that compute: one line that says what, an exit code, never a stack trace. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { writeExamples, writeTinyModel } from '../fixtures/tiny-model.ts'

let folder: string
let data: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fedpit-mistakes-'))
  data = join(folder, 'data.jsonl')
  await writeTinyModel(join(folder, 'model'))
  await writeExamples(data, 1)
})
after(() => rm(folder, { recursive: true }))

function fedpit(command: string, ...args: string[]): { status: number | null; stderr: string; failure: string } {
  const model = ['--model', join(folder, 'model'), '--device', 'cpu', '--threads', '1']
  const env = { ...process.env, FEDPIT_HOME: join(folder, 'home') }
  const run = spawnSync(process.execPath, ['src/cli/fedpit.js', command, ...model, ...args], { encoding: 'utf8', env })
  assert.doesNotMatch(run.stderr, /^ {4}at /m)
  const lines = run.stderr.split('\n').filter((line) => line.startsWith('fedpit: '))
  return { status: run.status, stderr: run.stderr, failure: lines.join('\n') }
}

test('fedpit train and generate refuse an --out that cannot be written, before they work', () => {
  for (const command of ['train', 'generate']) {
    const { status, stderr, failure } = fedpit(command, '--data', data, '--out', join(data, 'out'))
    assert.equal(status, 3, stderr)
    assert.match(
      failure,
      /^fedpit: Cannot write .*data\.jsonl.out: expected a folder that can be written to, got ".*"$/,
    )
    assert.doesNotMatch(stderr, /opening model/)
  }
})

test('fedpit generate refuses an --out that is a folder, before it works', () => {
  const { status, stderr, failure } = fedpit('generate', '--data', data, '--out', folder)
  assert.equal(status, 2, stderr)
  assert.match(failure, /^fedpit: Cannot write .*: expected a name that is free, got that of a folder$/)
  assert.doesNotMatch(stderr, /opening model/)
})

test('fedpit train writes no adapter of numbers that are none', async () => {
  const place = join(folder, 'diverged')
  const args = ['--data', data, '--out', join(place, 'adapter'), '--batch-size', '2', '--learning-rate', '1e38']
  const { status, stderr, failure } = fedpit('train', ...args)
  assert.equal(status, 3, stderr)
  assert.match(
    failure,
    /^fedpit: Cannot write adapter to .*: expected finite parameters, got others after \d+ updates; /,
  )
  assert.deepEqual(await readdir(place), [])
})

test('fedpit train ends with one line where a checkpoint cannot be written', async () => {
  const out = join(folder, 'adapter')
  // The name that the fifth update's checkpoint is written under.
  await mkdir(`${out}.checkpoint.5`)
  const { status, stderr, failure } = fedpit('train', '--data', data, '--out', out, '--batch-size', '4')
  assert.equal(status, 3, stderr)
  assert.match(failure, /^fedpit: Cannot write .*adapter\.checkpoint: expected .*, got "EISDIR.*"$/)
})

test('fedpit generate names the option that is out of range', () => {
  const { status, failure } = fedpit('generate', '--data', data, '--max-tokens', '5000')
  assert.equal(status, 2)
  assert.match(failure, /^fedpit: Cannot use --max-tokens: expected number to be <=4096, got 5000$/)
})

test('fedpit evaluate refuses a folder as data', () => {
  const { status, failure } = fedpit('evaluate', '--data', folder)
  assert.equal(status, 2)
  assert.match(failure, /^fedpit: Cannot read .*: expected a JSON or JSONL file, got a folder$/)
})

test('fedpit peer and swarm name data that is not there before they fetch a model', async () => {
  const missing = join(folder, 'missing.jsonl')
  const scenario = join(folder, 'scenario.yaml')
  await writeFile(
    scenario,
    `name: test\nmodel: smollm2-135m-instruct\npeers: [{ name: ada, data: ${missing} }, { name: bo, data: ${missing} }]\n`,
  )
  const env = { ...process.env, FEDPIT_HOME: join(folder, 'home-without-models') }
  for (const args of [
    ['peer', '--home', join(folder, 'peer'), '--data', missing],
    ['swarm', scenario],
  ]) {
    const { status, stderr } = spawnSync(process.execPath, ['src/cli/fedpit.js', ...args], { encoding: 'utf8', env })
    assert.equal(status, 2, stderr)
    assert.match(stderr, /^fedpit: Cannot read .*missing\.jsonl: expected a JSON or JSONL file, got ENOENT$/m)
    assert.doesNotMatch(stderr, /fetch|pip|Hub/)
  }
})

test('fedpit swarm says which model it cannot find, before it makes a run folder', async () => {
  const env = { ...process.env, FEDPIT_HOME: join(folder, 'home-without-models') }
  const runs = join(folder, 'runs')
  const args = ['src/cli/fedpit.js', 'swarm', '--model', 'nothing', '--out', runs]
  const { status, stderr } = spawnSync(process.execPath, args, { encoding: 'utf8', env })
  assert.equal(status, 2, stderr)
  assert.match(stderr, /^fedpit: Cannot find model nothing: expected a model directory, a GGUF file, nano or one of /m)
  assert.doesNotMatch(stderr, /models pull/)
  assert.equal(existsSync(runs), false)
})

test('fedpit ends without a stack trace when nobody reads its output any more', async () => {
  const child = spawn(process.execPath, ['src/cli/fedpit.js', 'init', '--help'], { stdio: ['ignore', 'pipe', 'pipe'] })
  child.stdout.destroy()
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  const [status] = await once(child, 'close')
  assert.deepEqual([status, stderr], [0, ''])
})

test('fedpit tokenize that waits for its input ends when it is interrupted', { timeout: 60_000 }, async (t) => {
  const args = ['src/cli/fedpit.js', 'tokenize', '--model', join(folder, 'model')]
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'ignore', 'pipe'] })
  t.after(() => child.kill('SIGKILL'))
  let stderr = ''
  child.stderr.setEncoding('utf8').on('data', (text) => (stderr += text))
  const ended = once(child, 'close')
  // More than a pipe holds: it is taken once the command reads.
  await new Promise((resolve) => child.stdin.write('river '.repeat(500_000), resolve))
  child.kill('SIGINT')
  assert.deepEqual([(await ended)[0], stderr], [130, 'fedpit: Interrupted\n'])
})
