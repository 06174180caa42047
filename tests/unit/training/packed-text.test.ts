import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import { packedBatch, type TextSource, textData } from '../../../src/training/packed-text.ts'

/** Documents of 0 to 6 tokens from 1 to 9; the separator is 0. */
const source: TextSource = {
  document: (random) => Array.from({ length: random.below(7) }, () => 1 + random.below(9)),
  separator: 0,
}
const shapes = fc.record({ batch: fc.integer({ min: 1, max: 5 }), length: fc.integer({ min: 1, max: 20 }) })

test('packedBatch() lays documents one after another, each followed by the separator, and labels every position', () => {
  fc.assert(
    fc.property(shapes, fc.string(), (shape, seed) => {
      const { batch, length, rows, tokens, labels, weights, positions } = packedBatch(source, createRandom(seed), shape)
      assert.equal(rows, batch * length)
      const random = createRandom(seed)
      const expected: number[] = []
      while (expected.length <= rows) expected.push(...source.document(random), 0)
      assert.deepEqual([...tokens], expected.slice(0, rows))
      assert.deepEqual([...labels], expected.slice(1, rows + 1))
      assert.deepEqual(
        [...positions],
        [...tokens].map((_, i) => i),
      )
      assert.ok(Math.abs(weights.reduce((sum, weight) => sum + weight, 0) - 1) < 1e-6)
    }),
  )
})

test('textData() gives each update the same text whenever it is asked, and no two updates the same', () => {
  const shape = { batch: 2, length: 8 }
  const text = (position: number, seed = 'seed') => [...textData(source, 10, seed, shape).batches(position)]
  assert.deepEqual(text(3), text(3))
  assert.notDeepEqual(text(3), text(4))
  assert.notDeepEqual(text(3), text(3, 'another'))
})
