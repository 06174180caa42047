import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { addDelta, deltaOf } from '../../../src/averaging/fixed-point.ts'
import {
  freshRatio,
  type Staleness,
  stalenessOf,
  stalenessWeights,
  staleRatio,
} from '../../../src/averaging/staleness.ts'
import { parametersHeld, toVersioned, updateOf, versionGrid, versionHeld } from '../../../src/averaging/versioned.ts'

const rules: fc.Arbitrary<Staleness> = fc.record({
  weight: fc.constantFrom(...stalenessWeights),
  bound: fc.integer({ min: 1, max: 1000 }),
  floor: fc.double({ min: 0, max: 1, noNaN: true }),
})
const update = 2 ** -versionGrid.exponent
const version = fc.integer({ min: 0, max: 1000 * update })

test('staleRatio(): at most half, at least half of the floor, and none beyond the bound', () => {
  fc.assert(
    fc.property(rules, version, version, (rule, mine, theirs) => {
      const ratio = staleRatio(mine, theirs, rule)
      assert.equal(ratio === undefined, stalenessOf(mine, theirs) > rule.bound)
      if (ratio === undefined) return
      assert.ok(Number.isInteger(ratio.num) && ratio.den === freshRatio.den)
      assert.ok(2 * ratio.num <= ratio.den, `${ratio.num} of ${ratio.den}`)
      assert.ok(2 * ratio.num >= Math.floor(rule.floor * ratio.den), `${ratio.num} of ${ratio.den}`)
    }),
  )
})

test('staleRatio(): the same from both ends, and no more the further the versions are apart', () => {
  fc.assert(
    fc.property(rules, version, version, version, (rule, mine, a, b) => {
      assert.deepEqual(staleRatio(mine, a, rule), staleRatio(a, mine, rule))
      const [near, far] = [a, b].sort((x, y) => stalenessOf(mine, x) - stalenessOf(mine, y)) as [number, number]
      assert.ok((staleRatio(mine, near, rule)?.num ?? 0) >= (staleRatio(mine, far, rule)?.num ?? 0))
    }),
  )
})

test('staleRatio(): the families take the values of their formulas', () => {
  const at = (weight: Staleness['weight'], d: number) =>
    (staleRatio(0, d * update, { weight, bound: 100, floor: 0 })?.num ?? 0) / freshRatio.num
  assert.deepEqual(
    [0, 3, 15].map((d) => at('polynomial', d)),
    [1, 1 / 2, 1 / 4],
  )
  assert.deepEqual([at('hinge', 4), at('constant', 100), at('constant', 101)], [1, 1, 0])
  assert.ok(Math.abs(at('hinge', 5) - 1 / 11) < 1e-5)
})

test('an exchange weighted by staleness keeps the sum of parameters and versions to the last integer', () => {
  const held = fc.tuple(
    fc.array(fc.double({ min: -16, max: 16, noNaN: true }), { minLength: 3, maxLength: 3 }),
    version,
  )
  fc.assert(
    fc.property(rules, held, held, (rule, [x, v], [y, w]) => {
      const [mine, theirs] = [toVersioned(x, v / update), toVersioned(y, w / update)]
      const ratio = staleRatio(mine.at(-1) as number, theirs.at(-1) as number, rule)
      if (ratio === undefined) return
      const delta = deltaOf(mine, theirs, ratio.num, ratio.den)
      const [a, b] = [addDelta(mine, delta, 1), addDelta(theirs, delta, -1)] as [Int32Array, Int32Array]
      for (const i of mine.keys()) {
        assert.equal((a[i] as number) + (b[i] as number), (mine[i] as number) + (theirs[i] as number))
        const [low, high] = [mine[i] as number, theirs[i] as number].sort((p, q) => p - q) as [number, number]
        assert.ok((a[i] as number) >= low && (a[i] as number) <= high, 'no value leaves the span of the two')
      }
    }),
  )
})

test('updateOf() adds one to the version and the movement to the parameters', () => {
  const held = toVersioned([0.5, -1], 2.25)
  const after = addDelta(held, updateOf([0.25, -1], [0.5, 0]), 1) as Int32Array
  assert.deepEqual([versionHeld(after), [...parametersHeld(after)]], [3.25, [0.75 * 2 ** 20, 0]])
})
