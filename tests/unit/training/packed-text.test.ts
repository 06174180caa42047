import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import { packedBatch, type TextSource, textData, tokensAfter } from '../../../src/training/packed-text.ts'

/** Documents of 0 to 6 tokens from 1 to 9, which count as much as they say; the separator is 0. */
const source: TextSource = {
  document: (random) => {
    const ids = Array.from({ length: random.below(7) }, () => 1 + random.below(9))
    return { ids, weights: ids }
  },
  separator: 0,
}
const shapes = fc.record({ batch: fc.integer({ min: 1, max: 5 }), length: fc.integer({ min: 1, max: 20 }) })

test('packedBatch() begins each row with a document, fills it with more, and labels every position', () => {
  fc.assert(
    fc.property(shapes, fc.string(), (shape, seed) => {
      const { batch, length, rows, tokens, labels, weights, positions } = packedBatch(source, createRandom(seed), shape)
      assert.equal(rows, batch * length)
      const random = createRandom(seed)
      for (let row = 0; row < rows; row += length) {
        const expected: number[] = []
        while (expected.length <= length) expected.push(...source.document(random).ids, 0)
        assert.deepEqual([...tokens.subarray(row, row + length)], expected.slice(0, length))
        assert.deepEqual([...labels.subarray(row, row + length)], expected.slice(1, length + 1))
      }
      assert.deepEqual(
        [...positions],
        [...tokens].map((_, i) => i),
      )
      const counts = labels.map((label) => label || 1)
      const total = counts.reduce((sum, count) => sum + count)
      for (const [i, count] of counts.entries()) assert.ok(Math.abs((weights[i] ?? 0) - count / total) < 1e-6)
    }),
  )
})

test('textData() gives each update the same text whenever it is asked, and no two updates the same', () => {
  const stages = [{ source, updates: 10, batch: 2, length: 8 }]
  const text = (position: number, seed = 'seed') => [...textData(stages, seed).batches(position)]
  assert.deepEqual(text(3), text(3))
  assert.notDeepEqual(text(3), text(4))
  assert.notDeepEqual(text(3), text(3, 'another'))
})

test('textData() gives each stage its updates in its own rows, and tokensAfter() counts them', () => {
  const stage = fc.record({
    source: fc.constant(source),
    updates: fc.integer({ min: 0, max: 4 }),
    batch: fc.constantFrom(1, 3),
    length: fc.constantFrom(2, 5),
  })
  fc.assert(
    fc.property(fc.array(stage, { maxLength: 4 }), (stages) => {
      const data = textData(stages, 'seed')
      const expected = stages.flatMap(({ updates, batch, length }) =>
        Array.from({ length: updates }, () => [batch, length]),
      )
      assert.equal(data.steps, expected.length)
      let tokens = 0
      for (const [position, sizes] of expected.entries()) {
        assert.equal(tokensAfter(stages, position), tokens)
        const [batch] = [...data.batches(position)]
        assert.deepEqual([batch?.batch, batch?.length], sizes)
        tokens += batch?.rows ?? 0
      }
      assert.equal(tokensAfter(stages, data.steps), tokens)
      assert.deepEqual([...data.batches(data.steps)], [])
    }),
  )
})
