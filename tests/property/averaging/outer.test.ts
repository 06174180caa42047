import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { nesterovStep, type OuterState, toTriple } from '../../../src/averaging/outer.ts'
import { createRandom, type Random } from '../../../src/core/random.ts'

const length = 5
const vector = (random: Random): Float64Array => Float64Array.from({ length }, () => random.normal())
const near = (a: ArrayLike<number>, b: ArrayLike<number>, within: number): boolean =>
  Array.from(a).every((value, i) => Math.abs(value - (b[i] ?? Number.NaN)) <= within)
const mean = (vectors: readonly ArrayLike<number>[], weights: readonly number[]): Float64Array =>
  Float64Array.from({ length: vectors[0]?.length ?? 0 }, (_, i) =>
    vectors.reduce((sum, one, j) => sum + (weights[j] as number) * (one[i] as number), 0),
  )

function draw(seed: number, n: number) {
  const random = createRandom(seed)
  const raw = Array.from({ length: n }, () => 0.1 + random.next())
  const total = raw.reduce((sum, weight) => sum + weight, 0)
  const triples = raw.map(() => toTriple({ parameters: vector(random), momentum: vector(random) }, vector(random)))
  return { triples, weights: raw.map((weight) => weight / total) }
}

test('nesterovStep() of mixed triples is the mean of the steps: mixing is linear in parameters, momentum and update', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 2, max: 9 }), (seed, n) => {
      const { triples, weights } = draw(seed, n)
      const steps = triples.map(nesterovStep)
      const mixed = nesterovStep(mean(triples, weights))
      for (const part of ['parameters', 'momentum'] as const) {
        const each = steps.map((state) => state[part])
        assert.ok(near(mixed[part], mean(each, weights), 1e-12))
      }
    }),
  )
})

test('nesterovStep() keeps the sums of all peers, whatever part of an exchange was carried out', () => {
  fc.assert(
    fc.property(fc.nat(), fc.double({ min: 0, max: 1, noNaN: true }), (seed, share) => {
      const { triples } = draw(seed, 2)
      const [x, y] = triples as [Float32Array, Float32Array]
      const toward = (a: Float32Array, b: Float32Array) =>
        Float64Array.from(a, (value, i) => value + share * ((b[i] as number) - value))
      const sum = (states: readonly OuterState[], of: keyof OuterState) =>
        mean(
          states.map((state) => state[of]),
          [1, 1],
        )
      const [before, after] = [triples.map(nesterovStep), [toward(x, y), toward(y, x)].map(nesterovStep)]
      for (const part of ['parameters', 'momentum'] as const)
        assert.ok(near(sum(after, part), sum(before, part), 1e-12))
    }),
  )
})

test('nesterovStep() is gradient descent with Nesterov momentum, rate 0.7 and momentum 0.9, as worked out by hand', () => {
  let state: OuterState = { parameters: [1], momentum: [0] }
  const ends = [1, 2].map(() => {
    state = nesterovStep(toTriple(state, [(state.parameters[0] as number) + 1]))
    return [state.parameters[0], state.momentum[0]] as number[]
  })
  // Updates of 1: the momentum is 1, then 0.9 + 1; the steps are 0.7 (1 + 0.9 of it).
  const expected = [
    [1 + 0.7 * 1.9, 1],
    [1 + 0.7 * 1.9 + 0.7 * (1 + 0.9 * 1.9), 1.9],
  ]
  for (const [i, end] of ends.entries()) assert.ok(near(end, expected[i] as number[], 1e-6), String(end))
})
