import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom, type Random } from '../../../src/core/random.ts'
import type { Sampling } from '../../../src/generation/request.ts'
import { argMax, checkSampling, createSampler } from '../../../src/generation/sampling.ts'

const plain: Sampling = {
  ...{ temperature: 1, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 8, stop: [], seed: 's' },
}

const drawToken = (logits: Float32Array, seen: number[], sampling: Sampling, random: Random) =>
  createSampler(sampling, logits.length)(logits, seen, random)

function frequencies(logits: readonly number[], sampling: Partial<Sampling>, draws = 20_000): number[] {
  const random = createRandom('frequencies')
  const counts = logits.map(() => 0)
  for (let i = 0; i < draws; i++) {
    const id = drawToken(Float32Array.from(logits), [], { ...plain, ...sampling }, random)
    counts[id] = (counts[id] ?? 0) + 1 / draws
  }
  return counts
}

function close(actual: readonly number[], expected: readonly number[]): void {
  expected.forEach((p, i) => {
    assert.ok(Math.abs((actual[i] ?? Number.NaN) - p) < 0.015, `token ${i}: expected about ${p}, got ${actual[i]}`)
  })
}

const logits = [0.5, 0.2, 0.15, 0.1, 0.05].map(Math.log)

test('createSampler() draws in proportion to softmax(logits / temperature)', () => {
  close(frequencies(logits, {}), [0.5, 0.2, 0.15, 0.1, 0.05])
  const squares = [0.25, 0.04, 0.0225, 0.01, 0.0025]
  const total = squares.reduce((a, b) => a + b)
  close(
    frequencies(logits, { temperature: 0.5 }),
    squares.map((p) => p / total),
  )
})

test('createSampler() with topK keeps the k best, with topP the fewest that reach p', () => {
  close(frequencies(logits, { topK: 2 }), [5 / 7, 2 / 7, 0, 0, 0])
  close(frequencies(logits, { topP: 0.6 }), [5 / 7, 2 / 7, 0, 0, 0])
  close(frequencies(logits, { topP: 0.71 }), [0.5 / 0.85, 0.2 / 0.85, 0.15 / 0.85, 0, 0])
  close(frequencies(logits, { topP: 0.01 }), [1, 0, 0, 0, 0])
  assert.equal(frequencies([1, 1, 1, 0], { topK: 2 })[2], 0, 'of equal logits the first ids are kept')
})

test('createSampler() with a repetition penalty divides positive and multiplies negative logits of seen tokens', () => {
  const greedy = { ...plain, temperature: 0, repetitionPenalty: 2 }
  const random = createRandom('')
  assert.equal(drawToken(Float32Array.of(3, 2, -9), [0], greedy, random), 1)
  assert.equal(drawToken(Float32Array.of(-1, -1.5, -9), [0], greedy, random), 1)
  assert.equal(drawToken(Float32Array.of(5, 2, -9), [0], greedy, random), 0)
})

test('createSampler() with topK and topP never leaves the k greatest logits nor the nucleus', () => {
  const numbers = fc.array(fc.float({ min: -20, max: 20, noNaN: true }), { minLength: 2, maxLength: 200 })
  fc.assert(
    fc.property(
      numbers,
      fc.integer({ min: 1, max: 210 }),
      fc.double({ min: 0.05, max: 1, noNaN: true }),
      (values, topK, topP) => {
        const row = Float32Array.from(values)
        const id = drawToken(row.slice(), [], { ...plain, topK, topP }, createRandom(String(values)))
        const greater = row.filter((value) => value > (row[id] as number))
        assert.ok(greater.length < topK, `rank ${greater.length} with topK ${topK}`)
        const kept = row.toSorted().reverse().slice(0, topK)
        const mass = (part: Float32Array) => part.reduce((sum, value) => sum + Math.exp(value - (kept[0] as number)), 0)
        assert.ok(mass(greater) < topP * mass(kept) + 1e-6, 'greater tokens already reach topP')
      },
    ),
  )
})

test('argMax() is the first of the greatest', () => {
  assert.equal(argMax(Float32Array.of(1, 3, 2, 3)), 1)
})

test('checkSampling() refuses numbers that mean nothing and names them', () => {
  for (const bad of [
    { temperature: -1 },
    { topK: 0.5 },
    { topP: 0 },
    { topP: 1.1 },
    { repetitionPenalty: 0 },
    { maxNewTokens: 0 },
    { temperature: Number.NaN },
  ]) {
    const [[name = '', value] = []] = Object.entries(bad)
    assert.throws(() => checkSampling({ ...plain, ...bad }), {
      message: new RegExp(`expected ${name} to be .*, got ${value}$`),
    })
  }
  checkSampling(plain)
})
