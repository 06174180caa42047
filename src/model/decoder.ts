/**
 * The decoder-only transformer (Llama, Qwen2) over whole sequences, as functions that add nodes to a graph. Nothing here
 * knows of adapters, losses or gradients: `DecoderHooks` is where training hooks in.
 */
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { ModelFiles } from './checkpoint.ts'
import { type AttentionShape, causalAttention } from './decoder-attention.ts'
import { rotaryTables } from './decoder-rope.ts'
import {
  type ComputeType,
  type DecoderLinear,
  type DecoderWeights,
  decoderWeights,
  type WeightSource,
} from './decoder-weights.ts'

/** From a linear's input x [n, in] and output y [n, out] to the output that is used. */
export type Adapt = (layer: number, linear: DecoderLinear, x: Tensor, y: Tensor) => Tensor

export interface Decoder {
  readonly weights: DecoderWeights
  /** ids [batch·length] -> the last layer's rows after the final norm [batch·length, hidden]. */
  hidden(ids: Tensor, shape: AttentionShape): Tensor
}

export interface DecoderHooks {
  readonly adapt?: Adapt
  /** Where the weights come from, if not from the checkpoint's files. */
  readonly source?: WeightSource
}

export function createDecoder(
  op: Operators,
  checkpoint: ModelFiles,
  type: ComputeType = 'float32',
  { adapt, source }: DecoderHooks = {},
): Decoder {
  const { config } = checkpoint
  const weights = decoderWeights(op, checkpoint, type, source)
  const linear = (layer: number, name: DecoderLinear, x: Tensor): Tensor => {
    const y = op.gemm(x, weights.linear(layer, name), { transB: 1 }, weights.bias(layer, name))
    return adapt?.(layer, name, x, y) ?? y
  }
  const norm = (x: Tensor, scale: Tensor) => op.simplifiedLayerNormalization(x, scale, config.normEpsilon).y
  const mlp = (layer: number, x: Tensor): Tensor => {
    const gate = op.silu(linear(layer, 'gate', x))
    return linear(layer, 'down', op.mul(gate, linear(layer, 'up', x)))
  }
  return {
    weights,
    hidden(ids, shape) {
      const attend = causalAttention(op, config, shape, rotaryTables(config, shape.length), type)
      let h = weights.embed(ids)
      for (let layer = 0; layer < config.layers; layer++) {
        const x = norm(h, weights.norm({ layer, before: 'attention' }))
        const mixed = attend(linear(layer, 'q', x), linear(layer, 'k', x), linear(layer, 'v', x))
        h = op.add(h, linear(layer, 'o', mixed))
        h = op.add(h, mlp(layer, norm(h, weights.norm({ layer, before: 'mlp' }))))
      }
      return norm(h, weights.norm('final'))
    },
  }
}
