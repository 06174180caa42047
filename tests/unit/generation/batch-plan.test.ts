import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { admits, prefillGroups, seats } from '../../../src/generation/batch-plan.ts'
import { commonPrefix } from '../../../src/generation/common-prefix.ts'
import { pieceTokens } from '../../../src/generation/prefill.ts'

test('commonPrefix() is what all prompts begin with, and leaves each a token', () => {
  assert.equal(
    commonPrefix([
      [1, 2, 3, 4],
      [1, 2, 3, 5, 6],
      [1, 2, 3],
    ]),
    2,
  )
  assert.equal(
    commonPrefix([
      [1, 2],
      [2, 1],
    ]),
    0,
  )
  assert.equal(
    commonPrefix([
      [7, 7],
      [7, 7],
    ]),
    1,
  )
})

test('seats() is smaller where sequences are long, and never 0', () => {
  assert.equal(seats(128, 46_080, 32), 32)
  assert.equal(seats(2048, 46_080, 32), 11)
  assert.equal(seats(131_072, 46_080, 32), 1)
})

test('admits() waits until a quarter of the seats is free, but never with an empty batch', () => {
  assert.equal(admits(100, 0, 32), 32)
  assert.equal(admits(100, 31, 32), 0)
  assert.equal(admits(100, 24, 32), 8)
  assert.equal(admits(2, 30, 32), 2)
  assert.equal(admits(3, 30, 32), 0)
  assert.equal(admits(0, 5, 32), 0)
})

test('prefillGroups() puts every prompt into one group that fits a piece, unless one alone is longer', () => {
  const lengths = fc.array(fc.integer({ min: 1, max: 2 * pieceTokens }), { maxLength: 40 })
  fc.assert(
    fc.property(lengths, (lengths) => {
      const prompts = lengths.map((length) => ({ own: Array<number>(length).fill(0) }))
      const groups = prefillGroups(prompts)
      assert.deepEqual(new Set(groups.flat()), new Set(prompts))
      assert.equal(groups.flat().length, prompts.length)
      for (const group of groups) {
        const longest = Math.max(...group.map(({ own }) => own.length))
        assert.ok(group.length === 1 || group.length * longest <= pieceTokens)
      }
    }),
  )
})
