/**
 * The flat vector of a training graph and what it stands for: an adapter beside frozen weights, or the weights
 * themselves.
 */
import { inputError } from '../core/errors.ts'
import type { LoraConfig } from '../lora/adapter.ts'
import type { Parts } from '../lora/factoring.ts'
import { adapterLayout } from '../lora/layout.ts'
import type { ModelConfig } from '../model/config.ts'
import type { DecoderHooks } from '../model/decoder.ts'
import type { ComputeType } from '../model/decoder-weights.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { fullLayout } from './full-layout.ts'
import { graphLora } from './graph-lora.ts'

/** `full` trains every weight; none is read from disk. */
export type Tuned = LoraConfig | 'full'

export interface AdapterOptions {
  /** The other factors are frozen: the gradient holds those of these alone. */
  readonly trainable?: Parts
  /** Rate on the input of the adapter path, 0 for none. */
  readonly dropout?: number
}

export interface GraphParameters {
  readonly hooks: DecoderHooks
  /** In the order of the gradient. */
  readonly trained: readonly Tensor[]
}

/** Length of the flat vector. */
export function parameterCount(tuned: Tuned, model: ModelConfig): number {
  return tuned === 'full' ? fullLayout(model).total : adapterLayout(tuned, model).total
}

/** Adds the graph input `parameters`. */
export function graphParameters(
  op: Operators,
  tuned: Tuned,
  model: ModelConfig,
  type: ComputeType,
  { trainable = 'AB', dropout = 0 }: AdapterOptions = {},
): GraphParameters {
  const parameters = op.graph.input('parameters', type, [parameterCount(tuned, model)])
  if (tuned === 'full') return graphWeights(op, model, parameters)
  const { adapt, factors } = graphLora(op, tuned, model, parameters, dropout)
  const trained = factors.filter(({ factor }) => trainable.includes(factor.part))
  return { hooks: { adapt }, trained: trained.map(({ tensor }) => tensor) }
}

function graphWeights(op: Operators, model: ModelConfig, joined: Tensor): GraphParameters {
  const { parameters } = fullLayout(model)
  const parts = op.split(
    joined,
    parameters.map(({ size }) => size),
    0,
  )
  const trained = parameters.map(({ shape }, i) => op.reshape(parts[i] as Tensor, shape))
  const byName = new Map(parameters.map(({ name }, i) => [name, trained[i] as Tensor]))
  const source = (name: string): Tensor => {
    const tensor = byName.get(name)
    if (tensor === undefined)
      throw inputError('model.weight', `Cannot build decoder: expected tensor ${name}, got none`)
    return tensor
  }
  return { hooks: { source }, trained }
}
