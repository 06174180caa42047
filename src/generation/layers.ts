/**
 * The decoder over rows [B, T, hidden] whose keys and values partly lie outside the graph: what decoding and prefill
 * have in common. How a row attends is theirs to say.
 */
import type { Checkpoint } from '../model/checkpoint.ts'
import type { Adapt } from '../model/decoder.ts'
import type { DecoderWeights } from '../model/decoder-weights.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { Linears } from './linears.ts'

/** q [B, T, heads·D], k and v [B, T, kvHeads·D], not yet rotated -> [B, T, heads·D] */
export type Attend = (layer: number, q: Tensor, k: Tensor, v: Tensor) => Tensor

/** ids [B, T] -> rows after the final norm [B, T, hidden] */
export function decoderLayers(
  op: Operators,
  { config }: Checkpoint,
  weights: DecoderWeights,
  linears: Linears,
  adapt: Adapt | undefined,
  ids: Tensor,
  attend: Attend,
): Tensor {
  const project = (layer: number, names: Parameters<Linears['project']>[1], x: Tensor): Tensor[] =>
    linears.project(layer, names, x).map((y, i) => adapt?.(layer, names[i] as (typeof names)[number], x, y) ?? y)
  /** Residual and norm in one node. */
  const addAndNorm = (h: Tensor, y: Tensor, scale: Tensor) =>
    op.skipSimplifiedLayerNormalization(h, y, scale, config.normEpsilon)

  let h = weights.embed(ids)
  let x = op.simplifiedLayerNormalization(h, attentionNorm(0), config.normEpsilon).y
  for (let layer = 0; layer < config.layers; layer++) {
    const [q, k, v] = project(layer, ['q', 'k', 'v'], x) as [Tensor, Tensor, Tensor]
    const [o] = project(layer, ['o'], attend(layer, q, k, v)) as [Tensor]
    const middle = addAndNorm(h, o, weights.norm({ layer, before: 'mlp' }))
    const [gate, up] = project(layer, ['gate', 'up'], middle.y) as [Tensor, Tensor]
    const [down] = project(layer, ['down'], op.mul(op.silu(gate), up)) as [Tensor]
    const end = addAndNorm(middle.sum, down, attentionNorm(layer + 1))
    x = end.y
    h = end.sum
  }
  return x

  function attentionNorm(layer: number): Tensor {
    return weights.norm(layer === config.layers ? 'final' : { layer, before: 'attention' })
  }
}
