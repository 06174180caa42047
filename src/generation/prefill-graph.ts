/**
 * The tokens of whole prompts, or of pieces of them. Rows shorter than T are padded on the right with any token: nothing
 * looks there.
 *
 * Inputs: ids [B, T]; positions [B, T]; mask [1, 1, group·T, T], the causal triangle repeated for each query head of a
 * group; last [B], the index in B·T of each row's last token; with `prefix` also prefixKeys.l, prefixValues.l
 * [1, kvHeads, P, D], earlier positions that all rows attend to, and segments, the sizes [P, T].
 * Outputs: logits [B, vocabulary] behind each row's last token; rows [B, layers·2·kvHeads, T, D], k and v by layer.
 */
import type { LoraConfig } from '../lora/adapter.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import type { ModelConfig } from '../model/config.ts'
import { decoderWeights } from '../model/decoder-weights.ts'
import { Graph } from '../onnx/graph.ts'
import { type Operators, operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { adaptInput, pastInput, rotation } from './graph-inputs.ts'
import { standIn } from './graph-sizes.ts'
import { decoderLayers } from './layers.ts'
import { plainLinears } from './linears.ts'

export interface PrefillGraphOptions {
  readonly lora?: LoraConfig
  readonly prefix: boolean
}

export function prefillGraph(checkpoint: Checkpoint, { lora, prefix }: PrefillGraphOptions): Graph {
  const op = operators(new Graph())
  const { graph } = op
  const { config } = checkpoint
  const weights = decoderWeights(op, checkpoint, 'float32')
  const linears = plainLinears(op, weights)
  const ids = graph.input('ids', 'int64', [standIn.batch, standIn.length])
  const adapt = adaptInput(op, config, lora)
  const made: Tensor[] = []
  const attend = causalAttention(op, config, prefix, made)
  const hidden = decoderLayers(op, checkpoint, weights, linears, adapt, ids, attend)
  const last = graph.input('last', 'int64', [standIn.batch])
  graph.output('logits', linears.logits(op.gather(op.reshape(hidden, [-1, config.hiddenSize]), last)))
  graph.output('rows', op.concat(made, 1))
  return graph
}

function causalAttention(op: Operators, config: ModelConfig, shared: boolean, made: Tensor[]) {
  const { graph } = op
  const { length, prefix } = standIn
  const { layers, heads, kvHeads, headDim } = config
  const group = heads / kvHeads
  const alpha = 1 / Math.sqrt(headDim)
  const rotate = rotation(op, config, length)
  const mask = graph.input('mask', 'float32', [1, 1, group * length, length])
  const past = shared ? pastInput(op, layers, 'prefix', [1, kvHeads, prefix, headDim]) : undefined
  const segments = shared ? graph.input('segments', 'int64', [2], [prefix, length]) : undefined
  const byHead = (x: Tensor) => op.transpose(op.reshape(x, [0, 0, kvHeads, headDim]), [0, 2, 1, 3])

  return (layer: number, q: Tensor, k: Tensor, v: Tensor): Tensor => {
    const grouped = op.transpose(op.reshape(rotate(q), [0, 0, kvHeads, group, headDim]), [0, 2, 3, 1, 4])
    const query = op.reshape(grouped, [0, 0, -1, headDim])
    const [key, value] = [byHead(rotate(k)), byHead(v)]
    made.push(key, value)
    const scores = op.add(op.fusedMatMul(query, key, { transB: 1, alpha }), mask)
    const mixed =
      past === undefined || segments === undefined
        ? op.matMul(op.softmax(scores), value)
        : behindPrefix(query, scores, value, past.keys[layer] as Tensor, past.values[layer] as Tensor, segments)
    const apart = op.transpose(op.reshape(mixed, [0, kvHeads, group, -1, headDim]), [0, 3, 1, 2, 4])
    return op.reshape(apart, [0, 0, -1])
  }
  function behindPrefix(q: Tensor, scores: Tensor, v: Tensor, pastK: Tensor, pastV: Tensor, sizes: Tensor): Tensor {
    const before = op.fusedMatMul(q, pastK, { transB: 1, alpha })
    const parts = op.splitBy(op.softmax(op.concat([before, scores], 3)), sizes, 3)
    const [past, now] = parts as [Tensor, Tensor]
    return op.add(op.matMul(past, pastV), op.matMul(now, v))
  }
}
