import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent, Phase } from '../../../peers/events.ts'
import { boundOf, compareWait, waitAfter } from '../../../scripts/experiments/kill-measure.ts'

const phases = (...list: [at: number, phase: Phase, round: number][]): PeerEvent[] =>
  list.map(([at, phase, round]) => ({ at, peer: 'key', name: 'ada', type: 'phase', phase, round }))

const life = phases(
  [0, 'joining', 1],
  [2000, 'generating', 1],
  [3000, 'training', 1],
  [4000, 'averaging', 1],
  [4700, 'evaluating', 1],
  [5000, 'generating', 2],
)

test('waitAfter() is the first wait of its kind that ended after the death', () => {
  assert.deepEqual(waitAfter(life, 1000, 'joining'), { phase: 'joining', round: 1, from: 0, to: 2000 })
  for (const death of [1000, 2500, 4500]) {
    assert.deepEqual(waitAfter(life, death, 'averaging'), { phase: 'averaging', round: 1, from: 4000, to: 4700 })
  }
  assert.equal(waitAfter(life, 4800, 'averaging'), undefined)
})

test('waitAfter() takes no wait that is under way', () => {
  assert.equal(waitAfter(life.slice(0, 4), 2500, 'averaging'), undefined)
})

test('compareWait() sets it beside the same wait of the control run', () => {
  const slower = [...life.slice(0, 4), ...phases([34_500, 'evaluating', 1], [35_000, 'generating', 2])]
  const wait = { name: 'ada', phase: 'averaging', round: 1, seconds: 30.5, controlSeconds: 0.7 }
  assert.deepEqual(compareWait(slower, life, 3500, 'averaging'), wait)
})

test('compareWait() is nothing where one of the two did not get that far', () => {
  assert.equal(compareWait(life.slice(0, 3), life, 2500, 'averaging'), undefined)
  assert.equal(compareWait(life, life.slice(0, 3), 2500, 'averaging'), undefined)
})

test('boundOf() adds up the deadlines of a wait', () => {
  const deadlines = { join: 15, ready: 30, average: 10, pull: 5, round: 60, leave: 60 }
  assert.equal(boundOf('joining', deadlines), 15)
  assert.equal(boundOf('averaging', deadlines), 40)
})
