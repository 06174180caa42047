/** `fedpit chat` as a process, with the real model. */
import assert from 'node:assert/strict'
import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { test } from 'node:test'
import { modelAbsent, modelPath } from '../golden/model-path.ts'

const skip = modelAbsent
const command = ['src/cli/fedpit.js', 'chat', '--model', modelPath, '--device', 'cpu', '--temperature', '0']

test('fedpit chat answers line by line and remembers what was said', { skip }, () => {
  const input = 'What is the capital of France?\n\nAnd which country did I ask about?\n'
  const run = spawnSync(process.execPath, [...command, '--max-tokens', '24'], { encoding: 'utf8', input })
  assert.equal(run.status, 0, run.stderr)
  const [first = '', second = ''] = run.stdout.trim().split('\n')
  assert.match(first, /Paris/)
  // A small model: what counts is that it knows of the first question.
  assert.match(second, /Fr(ance|ench)/)
})

test('fedpit chat --format json prints one document with the answer', { skip }, () => {
  const args = [...command, '--format', 'json', '--max-tokens', '12', 'What is the capital of France?']
  const run = spawnSync(process.execPath, args, { encoding: 'utf8' })
  assert.equal(run.status, 0, run.stderr)
  const { turns } = JSON.parse(run.stdout) as { turns: { answer: string; tokens: number; finish: string }[] }
  assert.equal(turns.length, 1)
  assert.match(turns[0]?.answer ?? '', /Paris/)
})

test('fedpit chat ends with 130 on SIGINT, in the middle of an answer', { skip }, async () => {
  const child = spawn(process.execPath, [...command, 'Count from one to five hundred, in words.'])
  child.stdin.end()
  await once(child.stdout, 'data')
  child.kill('SIGINT')
  const [code] = (await once(child, 'exit')) as [number | null]
  assert.equal(code, 130)
})

test('fedpit chat says which models there are when it does not find one', () => {
  const run = spawnSync(process.execPath, ['src/cli/fedpit.js', 'chat', '--model', 'no-such-model', 'hi'], {
    encoding: 'utf8',
  })
  assert.equal(run.status, 2)
  assert.match(
    run.stderr,
    /Cannot find model no-such-model: expected .*nano or one of the models in .*\(.*smollm2-135m-instruct.*\)$/m,
  )
})
