import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import { type Matrix, matrixOf, multiply, transpose } from '../../../src/linear-algebra/matrix.ts'
import { productSvd } from '../../../src/linear-algebra/product-svd.ts'
import { svd } from '../../../src/linear-algebra/svd.ts'
import type { Adapter, LoraConfig } from '../../../src/lora/adapter.ts'
import { createAdapter } from '../../../src/lora/create.ts'
import { adapterLayout, loraScale } from '../../../src/lora/layout.ts'
import { meanProduct, toRank, type WeightedAdapter } from '../../../src/lora/ranks.ts'
import { tinyModel } from '../../fixtures/tiny-config.ts'

const lora: LoraConfig = { rank: 8, alpha: 16, targets: ['q', 'v'], rslora: false }
const freshOf = (config: LoraConfig): Adapter => createAdapter(config, tinyModel, 'fresh')

function drawAdapter(seed: number, config: LoraConfig): Adapter {
  const random = createRandom(seed)
  const parameters = Float32Array.from({ length: adapterLayout(config, tinyModel).total }, () => 0.2 * random.normal())
  return { config, parameters }
}

/** s A B of every linear, one after the other. */
function productsOf({ config, parameters }: Adapter): Matrix[] {
  const { factors } = adapterLayout(config, tinyModel)
  const read = (i: number): Matrix => {
    const { shape, offset, size } = factors[i] as (typeof factors)[number]
    return matrixOf(...shape, parameters.subarray(offset, offset + size))
  }
  return Array.from({ length: factors.length / 2 }, (_, i) =>
    times(loraScale(config), multiply(read(2 * i), read(2 * i + 1))),
  )
}
const times = (factor: number, { rows, columns, data }: Matrix): Matrix =>
  matrixOf(
    rows,
    columns,
    data.map((value) => factor * value),
  )
const sumOf = (matrices: readonly Matrix[]): Matrix => {
  const { rows, columns, data } = matrices[0] as Matrix
  return matrixOf(
    rows,
    columns,
    data.map((_, i) => matrices.reduce((sum, matrix) => sum + (matrix.data[i] as number), 0)),
  )
}
const norm = ({ data }: Matrix): number => Math.sqrt(data.reduce((sum, value) => sum + value * value, 0))
const apart = (a: readonly Matrix[], b: readonly Matrix[]): number =>
  Math.max(...a.map((one, i) => norm(sumOf([one, times(-1, b[i] as Matrix)]))))
const meanOf = (terms: readonly WeightedAdapter[]): Matrix[] => {
  const total = terms.reduce((sum, { weight }) => sum + weight, 0)
  const products = terms.map(({ adapter, weight }) => productsOf(adapter).map((m) => times(weight / total, m)))
  return (products[0] as Matrix[]).map((_, linear) => sumOf(products.map((one) => one[linear] as Matrix)))
}

const terms = fc
  .array(fc.tuple(fc.nat(), fc.integer({ min: 1, max: 4 }), fc.double({ min: 0.1, max: 1, noNaN: true })), {
    minLength: 1,
    maxLength: 4,
  })
  .map((drawn) =>
    drawn.map(([seed, rank, weight], i) => ({ adapter: drawAdapter(seed + i, { ...lora, rank }), weight })),
  )

test('productSvd() of stacked factors has the singular values of the whole product, and gives it back', () => {
  fc.assert(
    fc.property(fc.nat(), fc.integer({ min: 1, max: 14 }), (seed, rank) => {
      const random = createRandom(seed)
      const draw = (rows: number, columns: number) =>
        matrixOf(
          rows,
          columns,
          Array.from({ length: rows * columns }, () => random.normal()),
        )
      const [left, right] = [draw(11, rank), draw(rank, 9)]
      const whole = multiply(left, right)
      const { u, sigma, v } = productSvd(left, right)
      const direct = svd(whole).sigma
      for (const [i, value] of sigma.entries())
        assert.ok(Math.abs(value - (direct[i] ?? 0)) <= 1e-12 * (direct[0] ?? 1))
      const diagonal = matrixOf(
        sigma.length,
        sigma.length,
        Array.from({ length: sigma.length ** 2 }, (_, i) =>
          i % (sigma.length + 1) === 0 ? (sigma[i / (sigma.length + 1)] as number) : 0,
        ),
      )
      const again = multiply(multiply(u, diagonal), transpose(v))
      assert.ok(norm(sumOf([whole, times(-1, again)])) <= 1e-12 * norm(whole))
    }),
  )
})

test('meanProduct() is exact where the rank suffices, whatever the ranks of the adapters', () => {
  fc.assert(
    fc.property(terms, (drawn) => {
      const rank = drawn.reduce((sum, { adapter }) => sum + adapter.config.rank, 0)
      const config = { ...lora, rank }
      const { adapter, discarded } = meanProduct(drawn, config, tinyModel, freshOf(config))
      const mean = meanOf(drawn)
      // What float32 factors can hold.
      assert.ok(apart(productsOf(adapter), mean) <= 1e-6 * Math.max(...mean.map(norm)))
      assert.ok(discarded <= 1e-7, `discarded ${discarded}`)
    }),
  )
})

test('meanProduct() of a lower rank is the best there is, and says how much it left out', () => {
  fc.assert(
    fc.property(terms, fc.integer({ min: 1, max: 4 }), (drawn, rank) => {
      const config = { ...lora, rank }
      const { adapter, discarded } = meanProduct(drawn, config, tinyModel, freshOf(config))
      const mean = meanOf(drawn)
      const spectra = mean.map((matrix) => svd(matrix).sigma)
      const square = (values: Iterable<number>): number => [...values].reduce((sum, value) => sum + value * value, 0)
      const lost = spectra.reduce((sum, sigma) => sum + square(sigma.subarray(rank)), 0)
      const whole = spectra.reduce((sum, sigma) => sum + square(sigma), 0)
      assert.ok(
        Math.abs(discarded - Math.sqrt(lost / whole)) <= 1e-6,
        `${discarded} against ${Math.sqrt(lost / whole)}`,
      )
      const off = productsOf(adapter).map((product, i) => norm(sumOf([product, times(-1, mean[i] as Matrix)])))
      for (const [i, distance] of off.entries()) {
        const best = Math.sqrt(square((spectra[i] as Float64Array).subarray(rank)))
        assert.ok(distance <= best + 1e-6 * Math.sqrt(whole), `${distance} from the mean, best ${best}`)
      }
    }),
  )
})

test('meanProduct() puts first what a lower rank would keep, so that peers of all ranks hold one adapter', () => {
  fc.assert(
    fc.property(terms, fc.integer({ min: 1, max: 7 }), (drawn, rank) => {
      const whole = meanProduct(drawn, lora, tinyModel, freshOf(lora)).adapter
      const config = { ...lora, rank }
      const straight = meanProduct(drawn, config, tinyModel, freshOf(config)).adapter
      const again = toRank(whole, rank, tinyModel, freshOf(config)).adapter
      const size = Math.max(...productsOf(whole).map(norm))
      assert.ok(apart(productsOf(again), productsOf(straight)) <= 1e-5 * size)
    }),
  )
})

test('meanProduct() counts every adapter, the own one too, by its weight', () => {
  const [mine, theirs] = [drawAdapter(1, { ...lora, rank: 3 }), drawAdapter(2, { ...lora, rank: 2 })]
  const mean = (terms: WeightedAdapter[]) => productsOf(meanProduct(terms, lora, tinyModel, freshOf(lora)).adapter)
  const both = mean([
    { adapter: mine, weight: 3 },
    { adapter: theirs, weight: 1 },
  ])
  const [a, b] = [productsOf(mine), productsOf(theirs)]
  const expected = a.map((matrix, i) => sumOf([times(0.75, matrix), times(0.25, b[i] as Matrix)]))
  assert.ok(apart(both, expected) <= 1e-5)
  assert.ok(apart(both, b) > 0.1 && apart(both, a) > 0.1)
})

test('meanProduct() of nothing learnt yet keeps fresh columns, which add nothing and can be trained', () => {
  const start = freshOf(lora)
  const { adapter, discarded } = meanProduct([{ adapter: start, weight: 1 }], lora, tinyModel, start)
  assert.deepEqual(adapter, start)
  assert.equal(discarded, 0)
})
