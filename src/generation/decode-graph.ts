/**
 * One token for each row of a batch. The caches stay in JavaScript and only the new keys and values come out: ONNX
 * Runtime's binding copies every output, so returning whole caches would cost more than the model itself.
 *
 * Inputs: ids [B, 1]; positions [B, 1]; mask [B, 1, 1, S], 0 where a row's own cache is filled, -1e9 elsewhere;
 * ownKeys.l, ownValues.l [B, kvHeads, S, D]; segments, the sizes [S, 1] (and P, where there is a prefix); with `prefix`
 * also prefixKeys.l, prefixValues.l [kvHeads, 1, P, D], which all rows attend to and which is read once for all of them.
 * Outputs: logits [B, 1, vocabulary]; next [B, 1], the best token; rows [B, layers·2·kvHeads, 1, D], k and v by layer.
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
import { type Linears, plainLinears } from './linears.ts'

export interface DecodeGraphOptions {
  readonly lora?: LoraConfig
  readonly prefix: boolean
  /** A form of the linears other than the checkpoint's own. */
  readonly linears?: (op: Operators) => Linears
}

export function decodeGraph(checkpoint: Checkpoint, options: DecodeGraphOptions): Graph {
  const op = operators(new Graph())
  const { graph } = op
  const { config } = checkpoint
  const weights = decoderWeights(op, checkpoint, 'float32')
  const linears = options.linears?.(op) ?? plainLinears(op, weights)
  const ids = graph.input('ids', 'int64', [standIn.batch, 1])
  const adapt = adaptInput(op, config, options.lora)
  const made: Tensor[] = []
  const attend = cachedAttention(op, config, options.prefix, made)
  const rows = decoderLayers(op, checkpoint, weights, linears, adapt, ids, attend)
  const logits = linears.logits(rows)
  graph.output('logits', logits)
  graph.output('next', op.argMax(logits, 2))
  graph.output('rows', op.concat(made, 1))
  return graph
}

function cachedAttention(op: Operators, config: ModelConfig, shared: boolean, made: Tensor[]) {
  const { graph } = op
  const { batch, cache, prefix } = standIn
  const { layers, heads, kvHeads, headDim } = config
  const group = heads / kvHeads
  const alpha = 1 / Math.sqrt(headDim)
  const rotate = rotation(op, config, 1)
  const mask = graph.input('mask', 'float32', [batch, 1, 1, cache])
  const own = pastInput(op, layers, 'own', [batch, kvHeads, cache, headDim])
  const common = shared ? pastInput(op, layers, 'prefix', [kvHeads, 1, prefix, headDim]) : undefined
  const sizes = shared ? [cache, 1, prefix] : [cache, 1]
  const segments = graph.input('segments', 'int64', [sizes.length], sizes)

  return (layer: number, q: Tensor, k: Tensor, v: Tensor): Tensor => {
    const query = op.reshape(rotate(q), [-1, kvHeads, group, headDim])
    const key = op.reshape(rotate(k), [-1, kvHeads, 1, headDim])
    const value = op.reshape(v, [-1, kvHeads, 1, headDim])
    made.push(key, value)
    const scores = [
      op.add(op.fusedMatMul(query, own.keys[layer] as Tensor, { transB: 1, alpha }), mask),
      op.fusedMatMul(query, key, { transB: 1, alpha }),
    ]
    if (common !== undefined) {
      const all = op.fusedMatMul(rowsTogether(query), common.keys[layer] as Tensor, { transB: 1, alpha })
      scores.push(rowsApart(all))
    }
    const parts = op.splitBy(op.softmax(op.concat(scores, 3)), segments, 3)
    const [past, current, before] = parts as [Tensor, Tensor, Tensor?]
    let mixed = op.add(op.matMul(past, own.values[layer] as Tensor), op.mul(current, value))
    if (common !== undefined && before !== undefined)
      mixed = op.add(mixed, rowsApart(op.matMul(rowsTogether(before), common.values[layer] as Tensor)))
    return op.reshape(mixed, [-1, 1, heads * headDim])
  }

  /** [B, kvHeads, group, n] -> [kvHeads, 1, B·group, n]: one product with the prefix instead of one for each row. */
  function rowsTogether(x: Tensor): Tensor {
    return op.reshape(op.transpose(x, [1, 0, 2, 3]), [0, 1, -1, 0])
  }
  function rowsApart(x: Tensor): Tensor {
    return op.transpose(op.reshape(x, [0, -1, group, 0]), [1, 0, 2, 3])
  }
}
