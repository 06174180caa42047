import assert from 'node:assert/strict'
import { test } from 'node:test'
import { learningRateAt } from '../../../src/training/schedule.ts'

const options = { learningRate: 2, warmupSteps: 4, schedule: 'cosine' } as const

test('learningRateAt() rises in equal steps to the full rate, then falls along half a cosine', () => {
  const rates = Array.from({ length: 24 }, (_, step) => learningRateAt(step, 24, options))
  assert.deepEqual(rates.slice(0, 5), [0.5, 1, 1.5, 2, 2])
  assert.ok(Math.abs((rates[14] as number) - 1) < 1e-12, 'half way down')
  for (let i = 5; i < 24; i++) assert.ok((rates[i] as number) < (rates[i - 1] as number), `step ${i}`)
})

test('learningRateAt() stays at the full rate when constant, also without warm-up', () => {
  assert.equal(learningRateAt(0, 5, { ...options, warmupSteps: 0, schedule: 'constant' }), 2)
  assert.equal(learningRateAt(4, 5, { ...options, schedule: 'constant' }), 2)
})

test('learningRateAt() falls to zero in equal steps of its own at the end of a run that is shorter than its cosine', () => {
  const shorter = { ...options, schedule: 'cosine', cosineSteps: 24, cooldownSteps: 4 } as const
  const full = { ...options, schedule: 'cosine' } as const
  const shares = Array.from(
    { length: 16 },
    (_, step) => learningRateAt(step, 16, shorter) / learningRateAt(step, 24, full),
  )
  assert.deepEqual(
    shares.map((share) => Math.round(share * 1e9) / 1e9),
    [...Array(13).fill(1), 0.75, 0.5, 0.25],
  )
})
