import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { type Scored, selectLowest } from '../../../src/fedpit/selection.ts'

const scored: fc.Arbitrary<Scored[]> = fc.uniqueArray(
  fc.record({
    example: fc.nat(1000).map((n) => ({ instruction: `task ${n}`, response: `reply ${n}` })),
    // Few values, so that ties are common.
    ifs: fc.constantFrom(undefined, 0.1, 0.5, 0.9, 1, 1.4),
  }),
  { selector: ({ example }) => example.instruction, maxLength: 30 },
)

test('selectLowest() does not depend on the order of the candidates', () => {
  fc.assert(
    fc.property(scored, fc.nat(20), fc.infiniteStream(fc.nat()), (candidates, keep, order) => {
      const shuffled = candidates
        .map((candidate) => ({ candidate, key: order.next().value as number }))
        .sort((a, b) => a.key - b.key)
        .map(({ candidate }) => candidate)
      assert.deepEqual(selectLowest(shuffled, keep), selectLowest(candidates, keep))
    }),
  )
})

test('selectLowest() keeps as many as it may, none at 1 or above, and nothing higher than what it leaves out', () => {
  fc.assert(
    fc.property(scored, fc.nat(20), (candidates, keep) => {
      const kept = new Set(selectLowest(candidates, keep))
      const eligible = candidates.filter(({ ifs }) => ifs !== undefined && ifs < 1)
      assert.equal(kept.size, Math.min(keep, eligible.length))
      const score = (inside: boolean) =>
        candidates.flatMap(({ example, ifs }) =>
          kept.has(example) === inside ? [ifs ?? Number.POSITIVE_INFINITY] : [],
        )
      assert.ok(Math.max(0, ...score(true)) <= Math.min(Number.POSITIVE_INFINITY, ...score(false)))
      assert.ok(score(true).every((ifs) => ifs < 1))
    }),
  )
})
