/** The adapter of a simulated peer, of a model with one linear, and how the numbers of its objective lie in it. */
import type { GlobalCodec } from '../../../peers/wiring/global-state.ts'
import { openCodec } from '../../../peers/wiring/open-codec.ts'
import { asGlobal, type GlobalAdapter, type LoraConfig } from '../../lora/adapter.ts'
import { createAdapter } from '../../lora/create.ts'
import { movingParts } from '../../lora/factoring.ts'
import { productOf, truncatedProduct } from '../../lora/ranks.ts'
import { putFactors, sizeOf, takeFactors } from '../../lora/wire-state.ts'
import type { ModelConfig } from '../../model/config.ts'
import type { SimulationScenario } from './scenario.ts'

export interface StandInAdapter {
  readonly codec: GlobalCodec
  /** Numbers of the objective. */
  readonly numbers: number
  read(adapter: GlobalAdapter): Float32Array
  /** The adapter with those of the numbers that the round trains. */
  write(adapter: GlobalAdapter, numbers: Float32Array, round: number): GlobalAdapter
  /** Of all numbers, those that the session of a round mixes. */
  mixedOf<T extends Float32Array | Float64Array>(round: number, numbers: T): T
}

type Mixed = Pick<SimulationScenario, 'standIn' | 'seed' | 'mixing' | 'lora'>

/** `rank`: of the peer, where it is not the federation's. */
export function standInAdapter(scenario: Mixed, rank?: number): StandInAdapter {
  return scenario.mixing.factors === 'svd' ? ofProducts(scenario, rank) : ofFactors(scenario, rank)
}

/** The numbers are the factors that move: B, or A and B. */
function ofFactors(scenario: Mixed, rank: number | undefined): StandInAdapter {
  const { numbers } = scenario.standIn
  const halves = [Math.max(1, Math.ceil(numbers / 2)), Math.max(1, Math.floor(numbers / 2))] as const
  const [input, output] = movingParts(scenario.mixing.factors) === 'B' ? [1, numbers] : halves
  const codec = openCodec({ ...scenario, lora: { ...lora, rank: 1 } }, modelOf(input, output), rank)
  const { layout } = codec
  return {
    codec,
    numbers: codec.parameters,
    read: codec.take,
    write(adapter, values, round) {
      const { parts } = codec.session(round)
      return putFactors(adapter, layout, parts, takeFactors(codec.put(values).adapter, layout, parts))
    },
    mixedOf(round, values) {
      const { parts } = codec.session(round)
      if (parts === 'AB') return values
      const a = codec.parameters - sizeOf(layout, 'B')
      return (parts === 'A' ? values.subarray(0, a) : values.subarray(a)) as typeof values
    },
  }
}

/** The numbers are what the adapter adds to the linear's weight, a square matrix; it holds as much as its rank can. */
function ofProducts(scenario: Mixed, rank: number | undefined): StandInAdapter {
  const side = Math.ceil(Math.sqrt(scenario.standIn.numbers))
  const model = modelOf(side, side)
  const codec = openCodec({ ...scenario, lora: { ...lora, rank: scenario.lora.rank } }, model, rank)
  const fresh = createAdapter(codec.start().adapter.config, model, scenario.seed)
  return {
    codec,
    numbers: side * side,
    read: (adapter) => Float32Array.from(productOf(adapter, model, '0.q').data),
    write: (_, values) => asGlobal(truncatedProduct(values, model, fresh)),
    mixedOf: (_, values) => values,
  }
}

const lora: Omit<LoraConfig, 'rank'> = { alpha: 1, targets: ['q'], rslora: false }

function modelOf(input: number, output: number): ModelConfig {
  const shape = {
    hiddenSize: input,
    intermediateSize: 1,
    layers: 1,
    heads: 1,
    kvHeads: 1,
    headDim: output,
    vocabSize: 1,
  }
  return {
    family: 'llama',
    ...shape,
    normEpsilon: 1e-5,
    rope: { theta: 10_000 },
    tiedHead: true,
    qkvBias: false,
    maxPositions: 1,
  }
}
