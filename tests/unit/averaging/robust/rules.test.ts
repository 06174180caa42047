import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { resultGrid, toGrid, weightGrid } from '../../../../src/averaging/fixed-point.ts'
import { clippedDelta, medianOf } from '../../../../src/averaging/robust/clip.ts'
import { combine, trimOf } from '../../../../src/averaging/robust/combine.ts'
import { gateOf, isAdmitted, longestAmong, updateLength } from '../../../../src/averaging/robust/gate.ts'
import { sketch } from '../../../../src/averaging/sketch.ts'
import { toMixture } from '../../../../src/averaging/weighted.ts'
import { createRandom } from '../../../../src/core/random.ts'

const number = fc.integer({ min: -(2 ** 30), max: 2 ** 30 })
const pair = fc
  .array(fc.tuple(number, number), { minLength: 1, maxLength: 20 })
  .map((all) => [Int32Array.from(all, ([a]) => a), Int32Array.from(all, ([, b]) => b)] as const)
const ratio = fc
  .integer({ min: 1, max: 50 })
  .chain((den) => fc.tuple(fc.integer({ min: 0, max: den }), fc.constant(den)))

test('clippedDelta() never moves a peer by more than the weight of its reach (I9), and never away from the other', () => {
  fc.assert(
    fc.property(pair, ratio, fc.double({ min: 0, max: 2 ** 32, noNaN: true }), ([mine, theirs], [num, den], reach) => {
      const delta = clippedDelta(mine, theirs, { num, den }, reach)
      assert.ok(Math.hypot(...delta) <= (reach * num) / den + Math.sqrt(delta.length))
      for (const [c, step] of delta.entries()) {
        const distance = (theirs[c] as number) - (mine[c] as number)
        assert.ok(step === 0 || (Math.sign(step) === Math.sign(distance) && Math.abs(step) <= Math.abs(distance)))
      }
    }),
  )
})

test('combine() lies among the states that most hold, whatever the rest say, and is the mean where all agree', () => {
  const honest = Array.from({ length: 5 }, (_, i) => Int32Array.of(100 + i, -i))
  const liars = [Int32Array.of(2 ** 31 - 1, -(2 ** 31))]
  for (const rule of ['trimmed-mean', 'median'] as const) {
    const [x = 0, y = 1] = combine([...honest, ...liars], rule)
    assert.ok(x >= 100 && x <= 104 && y <= 0 && y >= -4, `${rule}: ${x}, ${y}`)
    assert.deepEqual(combine([honest[2], honest[2], honest[2]] as Int32Array[], rule), honest[2])
  }
  assert.deepEqual(combine([Int32Array.of(1), Int32Array.of(4)], 'median'), Int32Array.of(3), 'of two the mean')
  assert.deepEqual([2, 3, 5, 9, 10, 16].map(trimOf), [0, 1, 1, 1, 2, 3])
  assert.throws(() => combine([], 'median'), { code: 'averaging.combine' })
  assert.throws(() => combine([Int32Array.of(1), Int32Array.of(1, 2)], 'median'), { code: 'averaging.combine' })
})

test('medianOf() takes the lower of two in the middle, and nothing for nothing', () => {
  assert.deepEqual([[3, 1, 2], [4, 1, 3, 2], []].map(medianOf), [2, 2, 0])
})

const numbers = 500
const random = createRandom('gate')
const base = Float32Array.from({ length: numbers }, () => random.normal())
const updated = (size: number) => base.map((value) => value + size * random.normal())
const units = toGrid(base, resultGrid)

test('the norm gate admits updates up to five times the median, whatever a minority says of its own', () => {
  const sketches = [0.01, 0.012, 0.009, 1, 1].map((size, i) => {
    const update = toGrid(updated(size), resultGrid).map((value, c) => value - (units[c] as number))
    return [`of ${size} ${i}`, sketch(update, 's')] as const
  })
  const { longest, shut } = gateOf(new Map([...sketches, ['silent', []]]), numbers)
  assert.deepEqual([...shut], ['of 1 3', 'of 1 4'])
  for (const share of [1, 0.3]) {
    assert.ok(isAdmitted(toMixture(updated(0.03), share), units, longest))
    assert.ok(!isAdmitted(toMixture(updated(0.12), share), units, longest))
  }
  assert.ok(Math.abs(updateLength(toGrid(updated(0.01), resultGrid), units) / 2 ** 20 - 0.01) < 0.001)
})

test('the norm gate takes nobody’s word against another’s: of two members, or where most bring nothing, all are admitted', () => {
  assert.equal(longestAmong([1, 100]), Number.POSITIVE_INFINITY)
  assert.equal(longestAmong([0, 0, 100]), Number.POSITIVE_INFINITY)
  assert.equal(longestAmong([1, 2, 100]), 10)
})

test('the norm gate refuses a weight that divides by nothing, and any but the one where all count alike', () => {
  const { limit } = weightGrid
  const admitted = (weight: number, expected?: number) =>
    isAdmitted(Int32Array.of(0, 0, weight), new Int32Array(), Number.POSITIVE_INFINITY, expected)
  assert.deepEqual(
    [admitted(0), admitted(-1), admitted(1), admitted(limit, limit), admitted(limit - 1, limit)],
    [false, false, true, true, false],
  )
})
