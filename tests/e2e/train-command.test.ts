import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { serialize } from 'node:v8'

const data = new URL('../../src/lab/examples/nano/school.jsonl', import.meta.url).pathname

interface Ended {
  readonly code: number | null
  readonly stdout: string
  readonly stderr: string
}

/** Interrupted as soon as `stopWhen` says so; it is asked again and again. */
async function fedpit(args: readonly string[], stopWhen = () => false): Promise<Ended> {
  const child = spawn(process.execPath, ['src/cli/fedpit.js', ...args], { stdio: ['ignore', 'pipe', 'pipe'] })
  let [stdout, stderr] = ['', '']
  child.stdout.on('data', (chunk: Buffer) => {
    stdout += chunk.toString()
  })
  child.stderr.on('data', (chunk: Buffer) => {
    stderr += chunk.toString()
  })
  const watch = setInterval(() => {
    if (!stopWhen()) return
    clearInterval(watch)
    child.kill('SIGINT')
  }, 10)
  const code = await new Promise<number | null>((resolve) => child.on('close', resolve))
  clearInterval(watch)
  return { code, stdout, stderr }
}

test('fedpit train, interrupted and run again, ends with the bytes of a run that never stopped', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-train-'))
  t.after(() => rm(folder, { recursive: true }))
  // Long enough to be stopped in the middle: the model is small.
  const sizes = ['--epochs', '12', '--batch-size', '5', '--max-tokens', '64', '--rank', '2']
  const train = (out: string) => ['train', '--model', 'nano', '--data', data, '--out', join(folder, out), ...sizes]
  const [whole, cut] = [join(folder, 'whole'), join(folder, 'cut')]
  assert.equal((await fedpit(train('whole'))).code, 0)

  const first = await fedpit(train('cut'), () => existsSync(`${cut}.checkpoint`))
  assert.equal(first.code, 130, first.stderr)
  assert.ok(!existsSync(cut), 'no adapter of an unfinished run')
  const second = await fedpit([...train('cut'), '--format', 'json'])
  assert.equal(second.code, 0, second.stderr)
  assert.match(second.stderr, /Going on from .*cut\.checkpoint/)
  assert.equal((JSON.parse(second.stdout) as { losses: number[] }).losses.length, 96)
  const [a, b] = await Promise.all([whole, cut].map((path) => readFile(join(path, 'adapter_model.safetensors'))))
  assert.ok(a?.equals(b as Buffer), 'the same bytes')
  assert.ok(!existsSync(`${cut}.checkpoint`), 'the checkpoint is gone')
})

test('fedpit train says of a checkpoint that is none what to do with it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-train-'))
  t.after(() => rm(folder, { recursive: true }))
  const out = join(folder, 'cut')
  for (const bytes of ['', 'no checkpoint', serialize(undefined)]) {
    await writeFile(`${out}.checkpoint`, bytes)
    const { code, stderr } = await fedpit(['train', '--model', 'nano', '--data', data, '--out', out])
    assert.equal(code, 2, stderr)
    assert.match(
      stderr,
      /Cannot go on from .*cut\.checkpoint: expected the checkpoint of this run, got a file that is none/,
    )
  }
})
