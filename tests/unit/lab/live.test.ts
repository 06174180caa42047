import assert from 'node:assert/strict'
import { test } from 'node:test'
import { stripVTControlCharacters } from 'node:util'
import type { PeerEventBody } from '../../../peers/events.ts'
import { createLiveDisplay } from '../../../src/lab/live.ts'

function display(isTTY: boolean) {
  const pieces: string[] = []
  const live = createLiveDisplay({ isTTY, columns: 60, write: (more) => pieces.push(more) }, 2, () => 0)
  const show = (name: string, body: PeerEventBody): void => live.show({ at: 0, peer: name, name, ...body })
  return { show, live, text: () => pieces.join('') }
}

test('a log gets a line for each thing worth telling, and none for each step', () => {
  const { show, text } = display(false)
  show('ada', { type: 'phase', phase: 'training', round: 1 })
  for (const step of [1, 2, 3]) show('ada', { type: 'step', round: 1, adapter: 'local', step, steps: 3, loss: 2 })
  assert.deepEqual(text().split('\n'), [
    'ada  round 1/2  training    0 connected',
    'ada  round 1/2  training    0 connected  local adapter, step 3/3, loss 2.000',
    '',
  ])
})

test('a terminal gets a line a peer that is redrawn in its place and never wraps', () => {
  const { show, text, live } = display(true)
  show('ada', { type: 'phase', phase: 'joining', round: 1 })
  show('bob', { type: 'phase', phase: 'joining', round: 1 })
  show('ada', { type: 'warning', code: 'x', message: 'long '.repeat(40) })
  live.close()
  assert.ok(text().includes('\u001b[2A'), 'goes up over both lines')
  for (const line of text().split('\n')) assert.ok(stripVTControlCharacters(line).length < 60, line)
})

test('who is connected is counted', () => {
  const { show, text } = display(false)
  show('ada', { type: 'peer.joined', other: 'key-b', otherName: 'bob' })
  show('ada', { type: 'peer.joined', other: 'key-c', otherName: 'cyd' })
  show('ada', { type: 'peer.left', other: 'key-b', reason: 'closed' })
  assert.match(text(), /1 connected {2}key-b left: closed/)
})
