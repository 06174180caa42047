import assert from 'node:assert/strict'
import { test } from 'node:test'
import { extent } from '../../../src/core/extent.ts'

test('extent() is the smallest and the largest, of more values than a call takes', () => {
  assert.deepEqual(extent([3, -1, 2]), { least: -1, most: 3 })
  assert.deepEqual(extent(Array.from({ length: 200_000 }, (_, i) => i)), { least: 0, most: 199_999 })
})
