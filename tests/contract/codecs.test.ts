/** What every codec must keep (src/averaging/codecs). */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { codecs } from '../../src/averaging/codecs/by-name.ts'
import type { Codec } from '../../src/averaging/codecs/codec.ts'
import { mixingGrid, resultGrid, toGrid, weightGrid } from '../../src/averaging/fixed-point.ts'
import { toMixture } from '../../src/averaging/weighted.ts'
import { createRandom } from '../../src/core/random.ts'

/** States that an exchange takes: anything in reach, with a weight; and a base that fits or is short. */
const number = fc.oneof(fc.integer({ min: -(2 ** 30) + 1, max: 2 ** 30 - 1 }), fc.integer({ min: -300, max: 300 }))
const stateAndBase = fc.tuple(
  fc.array(number, { maxLength: 600 }),
  fc.integer({ min: 0, max: weightGrid.limit }),
  fc.array(fc.integer({ min: -resultGrid.limit, max: resultGrid.limit }), { maxLength: 600 }),
)
const anyState = stateAndBase.map(([numbers, weight, base]) => ({
  state: Int32Array.from([...numbers, weight]),
  base: Int32Array.from(base.slice(0, numbers.length)),
}))

/** Numbers of a peer after its training: a base, and an update a tenth its size. */
function trained(length: number, share = 1) {
  const random = createRandom(`trained ${length}`)
  const base = Float32Array.from({ length }, () => 0.3 * random.normal())
  const parameters = base.map((value) => value + 0.03 * random.normal())
  return { state: toMixture(parameters, share), base: toGrid(base, resultGrid) }
}

/** Root mean square error, as a share of the difference to the base, that the folder's README states. */
const errors: Record<string, number> = { fixed: 0, bf16: 0.0017, int8: 0.007, 'top-k': 0.75 }

for (const codec of codecs) {
  const { name } = codec

  test(`${name}: decode() gives what encode() says that its bytes stand for, in no more bytes than it promises`, () => {
    fc.assert(
      fc.property(anyState, ({ state, base }) => {
        const said = codec.encode(state, base)
        assert.ok(said.bytes.length <= codec.bytes(state.length))
        assert.deepEqual(codec.decode(said.bytes, state.length, base), said.state)
        // A view into the middle of other bytes, as messages come.
        const shifted = new Uint8Array(said.bytes.length + 1)
        shifted.set(said.bytes, 1)
        assert.deepEqual(codec.decode(shifted.subarray(1), state.length, base), said.state)
        assert.deepEqual(codec.decode(Buffer.from(said.bytes), state.length, base), said.state)
        assert.equal(said.state.at(-1), state.at(-1), 'the weight is exact')
        if (codec.exact) assert.deepEqual(said.state, state)
      }),
    )
  })

  test(`${name}: encode() gives the same bytes for the same state`, () => {
    fc.assert(
      fc.property(anyState, ({ state, base }) => {
        const said = codec.encode(state, base)
        assert.deepEqual(codec.encode(state.slice(), base.slice()), said)
      }),
    )
  })

  test(`${name}: the error of what is said lies within the bound of each number, and is the share that it states`, () => {
    for (const share of [1, 0.1]) {
      const { state, base } = trained(20_000, share)
      const { state: said } = codec.encode(state, base)
      const scale = 2 ** (resultGrid.exponent - mixingGrid.exponent)
      const updates = Array.from(base, (value, i) => (state[i] as number) - value * scale * share)
      const squares = (values: readonly number[]) => values.reduce((sum, value) => sum + value ** 2, 0)
      const wrong = updates.map((_, i) => (said[i] as number) - (state[i] as number))
      const error = Math.sqrt(squares(wrong) / squares(updates))
      const stated = errors[name] as number
      assert.ok(Math.abs(error - stated) <= 0.05 * stated, `${error} of the update, and not ${stated}`)
      for (const [i, value] of wrong.entries()) {
        assert.ok(Math.abs(value) <= bound(codec, updates, i), `${value} of ${updates[i]}`)
      }
    }
  })

  test(`${name}: encode() of a state out of reach says one that is out of reach`, () => {
    for (const value of [2 ** 31 - 1, -(2 ** 31)]) {
      const base = Int32Array.of(-Math.sign(value) * resultGrid.limit)
      const { state } = codec.encode(Int32Array.of(value, weightGrid.limit), base)
      assert.ok(Math.abs(state[0] as number) >= 2 ** 30)
    }
  })

  test(`${name}: decode() of any bytes gives a state or a remote error`, () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 64 }),
      anyState.chain(({ state, base }) => {
        const whole = codec.encode(state, base).bytes
        return fc
          .tuple(fc.nat({ max: whole.length }), fc.nat({ max: whole.length }), fc.nat({ max: 255 }))
          .map(([length, at, value]) => whole.with(Math.min(at, whole.length - 1), value).subarray(0, length))
      }),
    )
    fc.assert(
      fc.property(bytes, fc.integer({ min: 1, max: 700 }), (some, count) => {
        let state: Int32Array
        try {
          state = codec.decode(some, count, new Int32Array())
        } catch (error) {
          assert.equal((error as { code?: string }).code, 'codec.malformed', String(error))
          assert.equal((error as { family?: string }).family, 'remote')
          return
        }
        assert.equal(state.length, count)
      }),
      { numRuns: 400 },
    )
  })

  test(`${name}: decode() refuses more bytes than a state can have before it looks at them`, () => {
    const { state, base } = trained(1000)
    const long = new Uint8Array(codec.bytes(state.length) + 1)
    assert.throws(() => codec.decode(long, state.length, base), { code: 'codec.malformed', message: /length/ })
  })
}

/** Of one number's error, in units. */
function bound({ name }: Codec, updates: readonly number[], i: number): number {
  const value = Math.abs(updates[i] as number)
  // Half a unit of rounding in the base.
  const rounding = 1
  if (name === 'bf16') return value / 256 + rounding
  if (name === 'top-k') return value + rounding
  if (name !== 'int8') return 0
  const first = i - (i % 256)
  const largest = Math.max(...updates.slice(first, first + 256).map(Math.abs))
  return (largest / 127 + 1) / 2 + rounding
}
