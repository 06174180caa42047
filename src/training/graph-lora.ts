/** The adapter inside a graph: cuts the flat parameter vector into factors and adds scale·(x·A)·B to each target. */

import type { LoraConfig } from '../lora/adapter.ts'
import { adapterLayout, type Factor, loraScale } from '../lora/layout.ts'
import type { ModelConfig } from '../model/config.ts'
import type { Adapt } from '../model/decoder.ts'
import type { ComputeType } from '../model/decoder-weights.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'

export interface GraphLora {
  readonly adapt: Adapt
  /** Factors in layout order, each a tensor of its shape. */
  readonly factors: readonly { readonly factor: Factor; readonly tensor: Tensor }[]
}

/**
 * `parameters` is [layout.total]. With a dropout rate, every input of an adapted linear has a graph input
 * `dropout.<layer>.<site>` (bool [rows, in], true where a number is kept); linears that read the same tensor share it.
 */
export function graphLora(
  op: Operators,
  config: LoraConfig,
  model: ModelConfig,
  parameters: Tensor,
  dropout: number,
): GraphLora {
  const layout = adapterLayout(config, model)
  const scale = loraScale(config) / (1 - dropout)
  const parts = op.split(
    parameters,
    layout.factors.map(({ size }) => size),
    0,
  )
  const factors = layout.factors.map((factor, i) => ({ factor, tensor: op.reshape(parts[i] as Tensor, factor.shape) }))
  const byName = new Map(factors.map(({ factor, tensor }) => [factor.name, tensor]))
  const dropped = new Map<string, Tensor>()
  const drop = (layer: number, x: Tensor): Tensor => {
    if (dropout === 0) return x
    const known = dropped.get(x.name)
    if (known !== undefined) return known
    const mask = op.graph.input(`dropout.${layer}.${dropped.size}`, 'bool', x.shape)
    const made = op.where(mask, x, op.graph.scalar(x.type as ComputeType, 0))
    dropped.set(x.name, made)
    return made
  }
  return {
    factors,
    adapt: (layer, linear, x, y) => {
      const [a, b] = [byName.get(`${layer}.${linear}.A`), byName.get(`${layer}.${linear}.B`)]
      if (a === undefined || b === undefined) return y
      return op.add(y, op.fusedMatMul(op.matMul(drop(layer, x), a), b, { alpha: scale }))
    },
  }
}
