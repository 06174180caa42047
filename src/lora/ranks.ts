/**
 * Adapters of different ranks, averaged as what they add to the model: Σ w s A B, of which each peer keeps as much as its
 * own rank can hold. The factors are stacked, decomposed by QR and singular values, and cut off; that is the best
 * approximation of a rank (Eckart and Young, 1936), and never makes a matrix of the model's size.
 */
import { beside, type Matrix, matrixOf, multiply, scaled, transpose } from '../linear-algebra/matrix.ts'
import { productSvd } from '../linear-algebra/product-svd.ts'
import { type Svd, svd } from '../linear-algebra/svd.ts'
import type { ModelConfig } from '../model/config.ts'
import type { Adapter, LoraConfig } from './adapter.ts'
import { adapterLayout, type Factor, loraScale } from './layout.ts'

/** Of the largest singular value: a column with less would hardly be trained, and a fresh one is. */
const negligible = 1e-7

export interface WeightedAdapter {
  readonly adapter: Adapter
  /** Only their ratios count. */
  readonly weight: number
}

export interface Truncated {
  readonly adapter: Adapter
  /** What was cut off, as a share of the whole: √(Σ σ² beyond the rank) / √(Σ σ²), over all linears; 0 where nothing was. */
  readonly discarded: number
}

/**
 * The mean of the products as an adapter of this configuration, whose columns of A and rows of B are ordered by singular
 * value. The same adapters in the same order give the same bits. Where the mean has a lower rank, the columns that are
 * left are those of `fresh`, with rows of zeros in B: they add nothing, and can be trained.
 */
export function meanProduct(
  terms: readonly WeightedAdapter[],
  config: LoraConfig,
  model: ModelConfig,
  fresh: Adapter,
): Truncated {
  return finished(meanProductByLinear(terms, config, model, fresh))
}

/** The same, one linear at a step: together they may take seconds, and others want to be heard. */
export function meanProductByLinear(
  terms: readonly WeightedAdapter[],
  config: LoraConfig,
  model: ModelConfig,
  fresh: Adapter,
): Generator<void, Truncated> {
  const total = terms.reduce((sum, { weight }) => sum + weight, 0)
  const layouts = terms.map(({ adapter }) => adapterLayout(adapter.config, model).factors)
  return cut(config, model, fresh, (linear) => {
    const weighed = terms.map(({ adapter, weight }, i) => {
      const [a, b] = pairOf(layouts[i] as readonly Factor[], linear, adapter)
      const scale = Math.sqrt((weight / total) * loraScale(adapter.config))
      return { a: scaled(a, scale), b: scaled(b, scale) }
    })
    return productSvd(beside(weighed.map(({ a }) => a)), transpose(beside(weighed.map(({ b }) => transpose(b)))))
  })
}

/** The best approximation of another rank, scaled for it: A and B keep their balance. */
export function toRank(adapter: Adapter, rank: number, model: ModelConfig, fresh: Adapter): Truncated {
  return meanProduct([{ adapter, weight: 1 }], { ...adapter.config, rank }, model, fresh)
}

/** s A B of a linear, named as its factors are: `3.q` of layer 3. */
export function productOf(adapter: Adapter, model: ModelConfig, linear: string): Matrix {
  const [a, b] = pairOf(adapterLayout(adapter.config, model).factors, linear, adapter)
  return multiply(scaled(a, loraScale(adapter.config)), b)
}

/** What an adapter of the rank of `fresh` can hold of this product, of a model with one adapted linear. */
export function truncatedProduct(product: ArrayLike<number>, model: ModelConfig, fresh: Adapter): Adapter {
  const [
    {
      shape: [rows],
    },
    {
      shape: [, columns],
    },
  ] = adapterLayout(fresh.config, model).factors as [Factor, Factor]
  const whole = svd(matrixOf(rows, columns, product))
  return finished(cut(fresh.config, model, fresh, () => whole)).adapter
}

function* cut(
  config: LoraConfig,
  model: ModelConfig,
  fresh: Adapter,
  of: (linear: string) => Svd,
): Generator<void, Truncated> {
  const { factors, total } = adapterLayout(config, model)
  const parameters = new Float32Array(total)
  const scale = loraScale(config)
  let [kept, lost] = [0, 0]
  for (const { name, part, offset, shape } of factors) {
    if (part === 'B') continue
    yield
    const linear = linearOf(name)
    const [a, b] = pairOf(factors, linear, fresh)
    const rows = factors.find((factor) => factor.name === `${linear}.B`) as Factor
    const { u, sigma, v } = of(linear)
    const least = negligible * (sigma[0] ?? 0)
    for (let k = 0; k < Math.max(config.rank, sigma.length); k++) {
      const value = sigma[k] ?? 0
      const isFresh = value <= least
      if (k >= config.rank) {
        lost += value * value
        continue
      }
      kept += value * value
      const root = Math.sqrt(value / scale)
      for (let r = 0; r < shape[0]; r++) {
        const fromFresh = a.data[r * a.columns + k] as number
        parameters[offset + r * config.rank + k] = isFresh ? fromFresh : root * (u.data[r * u.columns + k] as number)
      }
      for (let c = 0; !isFresh && c < b.columns; c++) {
        parameters[rows.offset + k * b.columns + c] = root * (v.data[c * v.columns + k] as number)
      }
    }
  }
  return { adapter: { config, parameters }, discarded: lost === 0 ? 0 : Math.sqrt(lost / (kept + lost)) }
}

/** A and B of one linear. */
function pairOf(factors: readonly Factor[], linear: string, { parameters }: Adapter): readonly [a: Matrix, b: Matrix] {
  const read = (name: string): Matrix => {
    const { offset, size, shape } = factors.find((factor) => factor.name === name) as Factor
    return matrixOf(...shape, parameters.subarray(offset, offset + size))
  }
  return [read(`${linear}.A`), read(`${linear}.B`)]
}

function finished<T>(steps: Generator<void, T>): T {
  for (;;) {
    const { done, value } = steps.next()
    if (done) return value
  }
}

const linearOf = (factor: string): string => factor.slice(0, -'.A'.length)
