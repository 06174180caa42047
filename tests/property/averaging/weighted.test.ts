import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { addDelta, deltaOf, fromGrid, resultGrid, toGrid } from '../../../src/averaging/fixed-point.ts'
import { mostCentral, sketch, sketchDistance, sketchesWithin } from '../../../src/averaging/sketch.ts'
import { decodeState, encodeState } from '../../../src/averaging/state-bytes.ts'
import { topologyByName } from '../../../src/averaging/topologies/by-name.ts'
import { fromMixture, parametersOf, shares, toMixture } from '../../../src/averaging/weighted.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import { createRandom } from '../../../src/core/random.ts'

/** A lossless session on integers. */
function session(states: Int32Array[], topology: string): Int32Array[] {
  for (const round of topologyByName(topology).rounds(states.length, 'seed')) {
    const start = states
    states = [...start]
    for (const { a, b, num, den } of round) {
      const delta = deltaOf(start[a] as Int32Array, start[b] as Int32Array, num, den)
      states[a] = addDelta(states[a] as Int32Array, delta, 1) as Int32Array
      states[b] = addDelta(states[b] as Int32Array, delta, -1) as Int32Array
    }
  }
  return states
}

test('a session of weighted pairs ends within four units of the weighted mean and conserves the sum exactly', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 2, max: 24 }),
      fc.nat(),
      fc.constantFrom('base-2', 'base-4', 'complete'),
      fc.constantFrom(0.05, 1, 15.9),
      (n, seed, topology, size) => {
        const random = createRandom(seed)
        const examples = Array.from({ length: n }, () => 1 + Math.floor(random.next() ** 4 * 3000))
        const parameters = examples.map(() => Float32Array.from({ length: 40 }, () => (2 * random.next() - 1) * size))
        const u = shares(examples)
        const start = parameters.map((values, i) => toMixture(values, u[i] as number))
        const end = session(start, topology)
        for (let c = 0; c < 41; c++) {
          const total = (states: Int32Array[]) => states.reduce((sum, state) => sum + (state[c] as number), 0)
          assert.equal(total(end), total(start), `coordinate ${c}`)
        }
        const all = u.reduce((a, b) => a + b, 0)
        for (const state of end.map(fromMixture)) {
          for (let c = 0; c < 40; c++) {
            const mean = parameters.reduce((sum, values, i) => sum + (u[i] as number) * (values[c] as number), 0) / all
            const units = (state[c] as number) - mean * 2 ** 20
            assert.ok(Math.abs(units) <= 4, `${units} units off at ${c}`)
          }
        }
      },
    ),
    { numRuns: 60 },
  )
})

test('shares() is examples over the most, within a tenth and ten times the median; nothing to share is 0', () => {
  assert.deepEqual(shares([10, 20, 40]), [0.25, 0.5, 1])
  assert.deepEqual(shares([10, 10, 1_000_000]), [0.1, 0.1, 1])
  assert.deepEqual(shares([0, 5]), [0, 1])
  assert.deepEqual(shares([0, 0]), [1, 1])
})

test('toGrid() refuses what does not fit, and what is no number', () => {
  assert.deepEqual(toGrid([1, -0.5], resultGrid), Int32Array.of(2 ** 20, -(2 ** 19)))
  for (const value of [300, Number.NaN, Number.POSITIVE_INFINITY]) {
    assert.throws(
      () => toGrid([0, value], resultGrid),
      /Cannot put value 1 on the grid 2\^-20: expected a magnitude of at most 16, got/,
    )
  }
})

test('addDelta() refuses to leave int32 instead of saturating', () => {
  assert.equal(addDelta(Int32Array.of(2147483647), Int32Array.of(1), 1), undefined)
  assert.equal(addDelta(Int32Array.of(-2147483648), Int32Array.of(1), -1), undefined)
})

test('deltaOf() is exact at the ends of int32', () => {
  assert.deepEqual(
    deltaOf(Int32Array.of(-(2 ** 28)), Int32Array.of(2 ** 28), 4, 7),
    Int32Array.of(Math.round((4 * 2 ** 29) / 7)),
  )
})

test('decodeState(encodeState(state)) is the state; anything else is a remote error', () => {
  fc.assert(
    fc.property(fc.int32Array({ min: -(2 ** 24), max: 2 ** 24 }), (state) => {
      assert.deepEqual(decodeState(encodeState(state), state.length), state)
    }),
  )
  fc.assert(
    fc.property(fc.uint8Array({ maxLength: 64 }), fc.nat(12), (bytes, count) => {
      try {
        decodeState(bytes, count)
      } catch (error) {
        assert.ok(error instanceof FedpitError && error.family === 'remote')
      }
    }),
  )
  assert.throws(() => decodeState(encodeState(Int32Array.of(2 ** 24 + 1)), 1), /at most 16777216, got 16777217/)
  assert.deepEqual(parametersOf(Int32Array.of(2 ** 20)), fromGrid(Int32Array.of(2 ** 20), resultGrid))
})

test('sketchDistance() estimates the root mean square distance, and mostCentral() avoids the outlier', () => {
  const random = createRandom('sketch')
  const base = Int32Array.from({ length: 20_000 }, () => random.below(1000))
  const near = base.map((value) => value + random.below(9) - 4)
  const far = base.map((value) => value + random.below(2001) - 1000)
  const sketches = [far, base, near].map((state) => sketch(state, 's'))
  const true2 = Math.sqrt(near.reduce((sum, value, i) => sum + (value - (base[i] as number)) ** 2, 0) / base.length)
  const estimate = sketchDistance(sketches[1] as number[], sketches[2] as number[], base.length)
  assert.ok(estimate > true2 / 1.6 && estimate < true2 * 1.6, `${estimate} for ${true2}`)
  assert.notEqual(mostCentral(sketches), 0)
})

test('sketchesWithin() says of many sketches what comparing each with each says', () => {
  const random = createRandom('within')
  const answers = new Set<boolean>()
  for (let run = 0; run < 60; run++) {
    const spread = 1 + 5 * random.next()
    const sketches = Array.from({ length: 1 + random.below(30) }, () =>
      Array.from({ length: 32 }, () => spread * random.normal()),
    )
    const length = 40
    const apart = sketches.flatMap((a, i) => sketches.slice(i + 1).map((b) => sketchDistance(a, b, length)))
    // Also where it hangs on the last bit.
    for (const limit of [0.75, Math.max(0, ...apart)]) {
      const within = apart.every((distance) => distance <= limit)
      assert.equal(sketchesWithin(limit, sketches, length), within)
      answers.add(within)
    }
  }
  assert.equal(answers.size, 2)
})
