import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { chunks } from '../../../src/training/graph.ts'

test('chunks() covers all rows with logits of at most 96 MiB each, evenly', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 5000 }), fc.integer({ min: 2, max: 300_000 }), (rows, vocabulary) => {
      const sizes = chunks(rows, vocabulary)
      assert.equal(
        sizes.reduce((sum, size) => sum + size, 0),
        rows,
      )
      for (const size of sizes) assert.ok(size === 1 || size * vocabulary * 4 <= 96 * 2 ** 20, `${size} rows`)
      assert.ok(Math.min(...sizes) >= 1 && Math.max(...sizes) - Math.min(...sizes) <= 1, `${sizes}`)
    }),
  )
})
