import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { type LoraConfig, linears } from '../../../src/lora/adapter.ts'
import { adapterLayout, loraScale } from '../../../src/lora/layout.ts'
import { tinyModel } from '../../fixtures/tiny-config.ts'

const qv: LoraConfig = { rank: 3, alpha: 6, targets: ['q', 'v'], rslora: false }

test('adapterLayout() lays A [in, rank] and B [rank, out] per layer and target', () => {
  const layout = adapterLayout(qv, tinyModel)
  assert.deepEqual(
    layout.factors.slice(0, 5).map(({ name, shape, offset }) => [name, ...shape, offset]),
    [
      ['0.q.A', 12, 3, 0],
      ['0.q.B', 3, 16, 36],
      ['0.v.A', 12, 3, 84],
      ['0.v.B', 3, 8, 120],
      ['1.q.A', 12, 3, 144],
    ],
  )
  assert.equal(layout.total, 288)
})

test('adapterLayout() tiles the vector without gap or overlap, in the order of `linears`, for any targets', () => {
  const targets = fc.subarray([...linears], { minLength: 1 })
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9 }), targets, fc.boolean(), (rank, chosen, reversed) => {
      const config = { ...qv, rank, targets: reversed ? chosen.toReversed() : chosen }
      const layout = adapterLayout(config, tinyModel)
      let end = 0
      for (const factor of layout.factors) {
        assert.equal(factor.offset, end)
        assert.equal(factor.size, factor.shape[0] * factor.shape[1])
        end += factor.size
      }
      assert.equal(layout.total, end)
      assert.equal(layout.digest, adapterLayout({ ...config, targets: chosen }, tinyModel).digest)
    }),
  )
})

test('adapterLayout().digest differs where two adapters cannot be averaged', () => {
  const variants = [
    qv,
    { ...qv, rank: 4 },
    { ...qv, alpha: 8 },
    { ...qv, rslora: true },
    { ...qv, targets: ['q', 'k'] as const },
  ].map((config) => adapterLayout(config, tinyModel).digest)
  variants.push(adapterLayout(qv, { ...tinyModel, layers: 3 }).digest)
  assert.equal(new Set(variants).size, variants.length)
})

test('adapterLayout() refuses an unusable configuration with the value it got', () => {
  const refused = [{ rank: 0 }, { rank: 1.5 }, { alpha: 0 }, { alpha: Number.NaN }, { targets: [] }]
  for (const change of refused) {
    assert.throws(() => adapterLayout({ ...qv, ...change }, tinyModel), { code: 'lora.config' }, JSON.stringify(change))
  }
})

test('loraScale() is alpha / rank, or alpha / sqrt(rank) for rsLoRA', () => {
  assert.equal(loraScale({ ...qv, rank: 4 }), 1.5)
  assert.equal(loraScale({ ...qv, rank: 4, rslora: true }), 3)
})
