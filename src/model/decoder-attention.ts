/**
 * Causal self-attention over whole sequences, written out so that its gradient is made of ordinary products. The query
 * heads that share a key head (grouped queries, arXiv 2305.13245) are folded into the rows: keys and values are never
 * repeated, and their gradients add up over the group by themselves.
 */
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { ModelConfig } from './config.ts'
import type { RotaryTables } from './decoder-rope.ts'

export interface AttentionShape {
  readonly batch: number
  readonly length: number
}

/** q [batch·length, heads·D], k and v [batch·length, kvHeads·D] -> [batch·length, heads·D] */
export type Attention = (q: Tensor, k: Tensor, v: Tensor) => Tensor

/** Tables and mask are made once and shared by all layers. */
export function causalAttention(
  op: Operators,
  { heads, kvHeads, headDim }: ModelConfig,
  { batch, length }: AttentionShape,
  rotary: RotaryTables,
  type: 'float32' | 'float64',
): Attention {
  const { graph } = op
  const group = heads / kvHeads
  const numbers = (shape: readonly number[], data: Float32Array) =>
    graph.constant(type, shape, type === 'float32' ? data : Float64Array.from(data))
  const [cosine, sine] = [numbers(rotary.shape, rotary.cosine), numbers(rotary.shape, rotary.sine)]
  const start = graph.ints([0])
  const triangle = numbers([1, 1, length, length], causalMask(length))
  const mask = op.concat(Array<Tensor>(group).fill(triangle), 2)

  const rotate = (x: Tensor) =>
    op.rotaryEmbedding(op.reshape(x, [batch, length, x.shape[1] as number]), start, cosine, sine)
  const byHead = (x: Tensor) => op.transpose(op.reshape(x, [batch, length, kvHeads, headDim]), [0, 2, 1, 3])

  return (q, k, v) => {
    const grouped = op.transpose(op.reshape(rotate(q), [batch, length, kvHeads, group, headDim]), [0, 2, 3, 1, 4])
    const queries = op.reshape(grouped, [batch, kvHeads, group * length, headDim])
    const scores = op.fusedMatMul(queries, byHead(rotate(k)), { transB: 1, alpha: 1 / Math.sqrt(headDim) })
    const mixed = op.matMul(op.softmax(op.add(scores, mask)), byHead(v))
    const apart = op.reshape(mixed, [batch, kvHeads, group, length, headDim])
    return op.reshape(op.transpose(apart, [0, 3, 1, 2, 4]), [batch * length, heads * headDim])
  }
}

/** 0 where a position may look, -1e9 in its future. */
function causalMask(length: number): Float32Array {
  return Float32Array.from({ length: length * length }, (_, i) => (i % length <= Math.floor(i / length) ? 0 : -1e9))
}
