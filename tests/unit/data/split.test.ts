import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import { holdOut } from '../../../src/data/split.ts'

/** Some say the same. */
const example = fc.record({
  instruction: fc.integer({ min: 0, max: 40 }).map((n) => `Task ${n}`),
  response: fc.constantFrom('yes', 'no'),
})
const seed = fc.string({ maxLength: 8 })
const share = fc.double({ min: 0.05, max: 0.9, noNaN: true })

test('holdOut() of one example more holds out at most one trained on, and none where as many are held out', () => {
  let grew = 0
  fc.assert(
    fc.property(fc.array(example, { minLength: 1, maxLength: 40 }), example, seed, share, (old, more, name, part) => {
      const before = holdOut(old, part, createRandom(name))
      const after = holdOut([...old, more], part, createRandom(name))
      const growth = after.heldOut.length - before.heldOut.length
      grew += growth
      const held = new Set(after.heldOut)
      assert.ok(growth === 0 || growth === 1)
      assert.ok(before.train.filter((one) => held.has(one)).length <= growth)
      assert.ok(before.heldOut.filter((one) => !held.has(one)).length <= 1 - growth)
    }),
    { numRuns: 500 },
  )
  assert.ok(grew > 50, `one more was held out ${grew} times`)
})

test('holdOut() of the same examples in another order is the same split, in the same order', () => {
  const ordered = fc.uniqueArray(example, { selector: (one) => JSON.stringify(one), maxLength: 30 })
  fc.assert(
    fc.property(ordered, seed, share, (examples, name, part) => {
      const split = holdOut(examples, part, createRandom(name))
      assert.deepEqual(holdOut(examples.toReversed(), part, createRandom(name)), split)
      assert.equal(split.train.length + split.heldOut.length, examples.length)
    }),
  )
})

test('holdOut() holds out another part for another seed', () => {
  const examples = Array.from({ length: 20 }, (_, i) => ({ instruction: `${i}`, response: 'r' }))
  const heldOut = (name: string) => JSON.stringify(holdOut(examples, 0.2, createRandom(name)).heldOut)
  assert.equal(new Set(Array.from({ length: 20 }, (_, i) => heldOut(`seed ${i}`))).size, 20)
})
