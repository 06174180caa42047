import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createOutput } from '../../../src/cli/output/output.ts'

function streams(isTTY: boolean) {
  const written = { out: '', err: '' }
  const sink = (key: 'out' | 'err') => ({
    isTTY,
    columns: 20,
    write: (text: string) => {
      written[key] += text
    },
  })
  return { written, stdout: sink('out'), stderr: sink('err') }
}

test('output.result() in json prints one document and streams nothing before it', () => {
  const to = streams(false)
  const output = createOutput('json', to, () => 0)
  output.stream('a token')
  output.note('a note')
  output.progress.update('training')
  output.result({ loss: 1 }, 'loss 1')
  assert.deepEqual(JSON.parse(to.written.out), { loss: 1 })
  assert.match(to.written.err, /a note\ntraining\n/)
})

test('output.result() in text prints the text alone', () => {
  const to = streams(false)
  createOutput('text', to, () => 0).result({ loss: 1 }, 'loss 1')
  assert.equal(to.written.out, 'loss 1\n')
})

test('progress.update() on a terminal redraws one line, cut to its width', () => {
  const to = streams(true)
  const output = createOutput('text', to, () => 0)
  output.progress.update('training', 'step 100 of 2000, loss 2.5')
  assert.equal(to.written.err, '\r\u001b[Ktraining: step 100 ')
  output.note('done')
  assert.ok(to.written.err.endsWith('\r\u001b[Kdone\n'))
})

test('progress.update() in a log writes when the activity changes or ten seconds went by', () => {
  const to = streams(false)
  let time = 0
  const { progress } = createOutput('text', to, () => time)
  progress.update('training', 'step 1')
  progress.update('training', 'step 2')
  progress.update('generating', 'prompt 1')
  time = 10_000
  progress.update('generating', 'prompt 9')
  assert.equal(to.written.err, 'training: step 1\ngenerating: prompt 1\ngenerating: prompt 9\n')
})
