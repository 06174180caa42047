/**
 * The weights of a decoder as tensors of a graph, in the type that the graph computes in. Half-precision weights get
 * one Cast for each use: shared casts would keep a float32 copy of the whole model alive from forward to backward.
 */

import { inputError } from '../core/errors.ts'
import type { Graph, Node } from '../onnx/graph.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { ModelFiles } from './checkpoint.ts'

const modules = {
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
} as const
/** The seven linears of a layer. */
export type DecoderLinear = keyof typeof modules

/** Hugging Face name of a linear; its tensors are `<name>.weight` and, in some families, `<name>.bias`. */
export function linearName(layer: number, linear: DecoderLinear): string {
  return `model.layers.${layer}.${modules[linear]}`
}

export type ComputeType = 'float32' | 'float64'

export interface DecoderWeights {
  /** [out, in] */
  linear(layer: number, linear: DecoderLinear): Tensor
  /** [out]; only q, k and v of some families have one. */
  bias(layer: number, linear: DecoderLinear): Tensor | undefined
  /** [hidden] */
  norm(at: { layer: number; before: 'attention' | 'mlp' } | 'final'): Tensor
  /** Rows of the input embedding: ids [n] -> [n, hidden]. */
  embed(ids: Tensor): Tensor
  /** [vocabulary, hidden] */
  head(): Tensor
}

/** A tensor by its Hugging Face name, in the type that it is stored in. */
export type WeightSource = (name: string) => Tensor

/** `source` is the checkpoint's files unless given. */
export function decoderWeights(
  op: Operators,
  checkpoint: ModelFiles,
  type: ComputeType,
  source: WeightSource = storedWeights(op, checkpoint),
): DecoderWeights {
  const { config } = checkpoint
  const cast = (name: string) => op.cast(source(name), type)
  const embedding = 'model.embed_tokens.weight'
  let head: Tensor | undefined
  return {
    linear: (layer, linear) => cast(`${linearName(layer, linear)}.weight`),
    bias: (layer, linear) =>
      config.qkvBias && (linear === 'q' || linear === 'k' || linear === 'v')
        ? cast(`${linearName(layer, linear)}.bias`)
        : undefined,
    norm: (at) => {
      if (at === 'final') return cast('model.norm.weight')
      const name = at.before === 'attention' ? 'input_layernorm' : 'post_attention_layernorm'
      return cast(`model.layers.${at.layer}.${name}.weight`)
    },
    embed: (ids) => op.cast(op.gather(source(embedding), ids), type),
    head: () => {
      head ??= cast(config.tiedHead ? embedding : 'lm_head.weight')
      return head
    },
  }
}

function storedWeights(op: Operators, { folder, weights }: ModelFiles): WeightSource {
  return (name) => {
    const location = weights.get(name)
    if (location === undefined)
      throw inputError('model.weight', `Cannot build decoder: expected tensor ${name} in ${folder}, got none`)
    return op.graph.weight(name, location)
  }
}

/** Whether a node casts a weight of one layer: the backward pass does it again rather than keep the result. */
export function castsLayerWeight(graph: Graph, { op, inputs }: Node): boolean {
  const name = inputs[0]?.name ?? ''
  return op === 'Cast' && name.startsWith('model.layers.') && graph.initializers.has(name)
}
