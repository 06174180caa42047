import assert from 'node:assert/strict'
import { test } from 'node:test'
import { spread, spreads } from '../../../scripts/spread.ts'

test('spread() gives mean, sample standard deviation and count', () => {
  assert.deepEqual(spread([2, 4, 6]), { mean: 4, sd: 2, n: 3 })
  assert.deepEqual(spread([5]), { mean: 5, sd: 0, n: 1 })
})

test('spreads() gives one for each name', () => {
  assert.deepEqual(
    spreads([
      { a: 1, b: 2 },
      { a: 3, b: 2 },
    ]),
    {
      a: { mean: 2, sd: Math.SQRT2, n: 2 },
      b: { mean: 2, sd: 0, n: 2 },
    },
  )
})
