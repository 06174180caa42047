import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { buildBatch, labelledInStep, planBatches } from '../../../src/training/batches.ts'
import { chooseBuckets } from '../../../src/training/buckets.ts'
import { inputLength, labelledTokens, truncateSample } from '../../../src/training/token-sample.ts'

const sample = fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 1, max: 20 })).map(([prompt, response]) => ({
  tokens: Array.from({ length: prompt + response }, (_, i) => i + 1),
  labelStart: prompt,
}))
const samples = fc.array(sample, { minLength: 1, maxLength: 40 })
const plan = fc.record({
  epochs: fc.integer({ min: 1, max: 3 }),
  batchSize: fc.integer({ min: 1, max: 5 }),
  accumulate: fc.integer({ min: 1, max: 3 }),
  seed: fc.string(),
})

test('planBatches() reads every sample once an epoch, in shapes that hold it', () => {
  fc.assert(
    fc.property(samples, plan, (data, options) => {
      const { steps, tokens } = planBatches(data, options)
      const seen = data.map(() => 0)
      for (const planned of steps.flat()) {
        const { batch, length, rows } = planned.shape
        assert.equal(planned.samples.length, batch)
        assert.ok(rows <= batch * length)
        assert.ok(labelledInStep(data, [planned]) <= rows)
        for (const index of planned.samples) {
          seen[index] = (seen[index] as number) + 1
          assert.ok(inputLength(data[index] as (typeof data)[number]) <= length)
        }
      }
      assert.deepEqual(
        seen,
        data.map(() => options.epochs),
      )
      assert.equal(tokens.labelled, options.epochs * data.reduce((sum, s) => sum + labelledTokens(s), 0))
      assert.ok(tokens.computed >= tokens.fed)
    }),
  )
})

test('planBatches() leaves at most one smaller batch an epoch', () => {
  fc.assert(
    fc.property(samples, plan, (data, options) => {
      const { steps } = planBatches(data, { ...options, accumulate: 1 })
      const smaller = steps.flat().filter(({ shape }) => shape.batch < options.batchSize)
      assert.ok(smaller.length <= options.epochs)
    }),
  )
})

test('planBatches() gives the same plan for the same seed and another for another', () => {
  const data = Array.from({ length: 20 }, (_, i) => ({ tokens: [1, 2, 3, i], labelStart: 2 }))
  const options = { epochs: 1, batchSize: 4, accumulate: 1, seed: 'a' }
  assert.deepEqual(planBatches(data, options), planBatches(data, options))
  assert.notDeepEqual(planBatches(data, options).steps, planBatches(data, { ...options, seed: 'b' }).steps)
})

test('buildBatch() puts each label on the position before its token and repeats no position', () => {
  fc.assert(
    fc.property(samples, plan, (data, options) => {
      const [planned] = planBatches(data, options).steps.flat()
      assert.ok(planned !== undefined)
      const batch = buildBatch(data, planned, 0.5)
      assert.equal(new Set(batch.positions).size, batch.rows)
      const labelled = [...batch.weights.keys()].filter((row) => batch.weights[row] !== 0)
      assert.equal(labelled.length, labelledInStep(data, [planned]))
      for (const row of labelled) {
        const position = Number(batch.positions[row])
        const sequence = planned.samples[Math.floor(position / batch.length)] as number
        const source = data[sequence]
        const next = (position % batch.length) + 1
        assert.ok(source !== undefined && next >= source.labelStart)
        assert.equal(Number(batch.labels[row]), source.tokens[next])
        assert.equal(Number(batch.tokens[position]), source.tokens[next - 1])
      }
    }),
  )
})

test('chooseBuckets() costs no more than one bucket for all, and holds the longest', () => {
  const options = { passes: 2, sessionCost: 100, multiple: 8, most: 4 }
  const cost = (lengths: readonly number[], buckets: readonly number[]) =>
    buckets.length * options.sessionCost +
    lengths.reduce((sum, length) => sum + options.passes * (buckets.find((b) => b >= length) ?? Number.NaN), 0)
  fc.assert(
    fc.property(fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 60 }), (lengths) => {
      const buckets = chooseBuckets(lengths, options)
      const longest = Math.ceil(Math.max(...lengths) / 8) * 8
      assert.equal(buckets.at(-1), longest)
      assert.ok(buckets.length <= options.most)
      assert.ok(cost(lengths, buckets) <= cost(lengths, [longest]))
      for (const extra of lengths.map((length) => Math.ceil(length / 8) * 8)) {
        if (buckets.length === options.most || buckets.includes(extra)) continue
        const more = [...buckets, extra].sort((a, b) => a - b)
        assert.ok(cost(lengths, buckets) <= cost(lengths, more), `adding ${extra} would be cheaper`)
      }
    }),
  )
})

test('truncateSample() drops the front of the prompt and keeps the response', () => {
  const long = { tokens: [1, 2, 3, 4, 5, 6], labelStart: 4 }
  assert.deepEqual(truncateSample(long, 4), { tokens: [3, 4, 5, 6], labelStart: 2 })
  assert.deepEqual(truncateSample(long, 2), { tokens: [4, 5], labelStart: 1 })
  assert.equal(truncateSample(long, 6), long)
})
