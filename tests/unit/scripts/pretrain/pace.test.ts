import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createPace, duration } from '../../../../scripts/pretrain/pace.ts'
import type { PracticeShares } from '../../../../scripts/pretrain/practice.ts'

test('createPace() tells the speed of the last 50 updates, the last held-out loss, and what is left at that speed', () => {
  const pace = createPace(0)
  const at = (step: number, now: number, heldOut?: number, practised?: PracticeShares) =>
    pace({ step, steps: 1000, loss: 2.5, gradientNorm: 1, tokens: 400 }, { heldOut, practised }, now)
  assert.equal(at(1, 1000), 'update 1/1000, loss 2.500, 400 tokens/s, 17 min left')
  assert.equal(at(2, 3000, 3.25), 'update 2/1000, loss 2.500, held out 3.250, 267 tokens/s, 25 min left')
  for (let step = 3; step <= 60; step++) at(step, 3000 + 100 * (step - 2))
  assert.equal(at(61, 8900), 'update 61/1000, loss 2.500, held out 3.250, 4000 tokens/s, 2 min left')
  assert.equal(
    at(62, 9000, undefined, { right: 0.444 }),
    'update 62/1000, loss 2.500, held out 3.250, 44 % of its lines right, 4000 tokens/s, 2 min left',
  )
  assert.match(at(63, 9100, undefined, { right: 0.444, answered: 0.6 }), / lines right, 60 % of its answers right, /)
})

test('duration() names hours, minutes or seconds', () => {
  assert.deepEqual([40, 89.4, 90, 3540, 3600, 18_720].map(duration), [
    '40 s',
    '89 s',
    '2 min',
    '59 min',
    '1 h 0 min',
    '5 h 12 min',
  ])
})
