import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { adamwStep, createAdamWState } from '../../../src/training/adamw.ts'

const options = { learningRate: 0.1, weightDecay: 0.01, clipNorm: 1e9 }
const all = (vector: Float32Array) => [{ offset: 0, size: vector.length }]

test('adamwStep() moves each parameter by the learning rate at first, against the sign of its gradient', () => {
  const parameters = Float32Array.of(1, -2, 3)
  adamwStep(parameters, Float32Array.of(5, -0.001, 0), createAdamWState(all(parameters)), options, all(parameters))
  // 1·(1 - lr·wd) - lr·sign(g), up to epsilon.
  for (const [i, expected] of [0.899, -1.898, 2.997].entries()) {
    assert.ok(Math.abs((parameters[i] as number) - expected) < 1e-5, `parameter ${i}: ${parameters[i]}`)
  }
})

test('adamwStep() follows the recurrence of the paper over several steps', () => {
  for (const beta2 of [undefined, 0.95]) {
    const rate = beta2 ?? 0.999
    const gradients = [0.3, -0.1, 0.7, 0.2]
    const parameters = Float32Array.of(0.5)
    const state = createAdamWState(all(parameters))
    let [p, m, v] = [0.5, 0, 0]
    gradients.forEach((g, index) => {
      adamwStep(
        parameters,
        Float32Array.of(g),
        state,
        beta2 === undefined ? options : { ...options, beta2 },
        all(parameters),
      )
      const t = index + 1
      m = 0.9 * m + 0.1 * g
      v = rate * v + (1 - rate) * g * g
      p -= 0.1 * 0.01 * p
      p -= (0.1 * (m / (1 - 0.9 ** t))) / (Math.sqrt(v / (1 - rate ** t)) + 1e-8)
      assert.ok(Math.abs((parameters[0] as number) - p) < 1e-6, `after update ${t}`)
    })
  }
})

test('adamwStep() clips by the global norm and returns the norm before clipping', () => {
  const parameters = new Float32Array(2)
  const state = createAdamWState(all(parameters))
  const norm = adamwStep(parameters, Float32Array.of(3, 4), state, { ...options, clipNorm: 1 }, all(parameters))
  assert.equal(norm, 5)
  assert.ok(Math.abs((state.m[0] as number) - 0.1 * 0.6) < 1e-6)
})

test('adamwStep() spreads a gradient of the trained stretches and leaves the rest alone', () => {
  const vector = (size: number) => fc.float32Array({ minLength: size, maxLength: size, noNaN: true, min: -10, max: 10 })
  fc.assert(
    fc.property(vector(7), vector(3), (start, gradient) => {
      const trained = [
        { offset: 1, size: 1 },
        { offset: 4, size: 2 },
      ]
      const spread = start.slice()
      adamwStep(spread, gradient, createAdamWState(trained), options, trained)
      const alone = Float32Array.of(start[1] as number, start[4] as number, start[5] as number)
      adamwStep(alone, gradient, createAdamWState(all(alone)), options, all(alone))
      const expected = start.slice()
      expected.set(alone.subarray(0, 1), 1)
      expected.set(alone.subarray(1), 4)
      assert.deepEqual(spread, expected)
    }),
  )
})

test('adamwStep() lets a stretch that does not decay move by its gradient alone', () => {
  const trained = [
    { offset: 0, size: 1 },
    { offset: 1, size: 1, decays: false },
  ]
  const parameters = Float32Array.of(1, 1)
  adamwStep(parameters, new Float32Array(2), createAdamWState(trained), options, trained)
  assert.deepEqual(parameters, Float32Array.of(0.999, 1))
})
