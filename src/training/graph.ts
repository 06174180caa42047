/**
 * The graphs of training and scoring. Inputs of both: tokens [batch·length], labels [rows], positions [rows] (which of
 * the batch·length rows carry a label) and parameters (the flat vector of an adapter, or of all weights). Training adds
 * weights [rows] and gives `loss`, a scalar, and `gradient`, in the order of the trained factors or weights; scoring gives
 * `losses` [rows].
 */
import { gradients } from '../autodiff/gradients.ts'
import type { ModelFiles } from '../model/checkpoint.ts'
import { createDecoder, type Decoder } from '../model/decoder.ts'
import { type ComputeType, castsLayerWeight } from '../model/decoder-weights.ts'
import { Graph } from '../onnx/graph.ts'
import { type Operators, operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { type AdapterOptions, graphParameters, type Tuned } from './graph-parameters.ts'

/** Static sizes: ONNX Runtime plans a graph for one of them (see Batch). */
export interface Bucket {
  readonly batch: number
  readonly length: number
  readonly rows: number
}

export interface TrainGraphOptions extends AdapterOptions {
  /** float64 is for tests. */
  readonly type?: ComputeType
}

export function trainGraph(
  checkpoint: ModelFiles,
  tuned: Tuned,
  bucket: Bucket,
  { type = 'float32', ...options }: TrainGraphOptions = {},
): Graph {
  const op = operators(new Graph())
  const { graph } = op
  const { hooks, trained } = graphParameters(op, tuned, checkpoint.config, type, options)
  const losses = rowLosses(op, createDecoder(op, checkpoint, type, hooks), bucket)
  const weights = op.reshape(graph.input('weights', type, [bucket.rows]), [bucket.rows, 1])
  const parts = op.split(weights, chunks(bucket.rows, checkpoint.config.vocabSize), 0)
  const loss = op.sum(losses.map((part, i) => op.reduceSum(op.mul(part, parts[i] as Tensor), undefined, false)))
  const made = gradients(graph, loss, trained, {
    recompute: (node) => node.op === 'Silu' || castsLayerWeight(graph, node),
  })
  const flat = made.map((gradient) => op.reshape(gradient, [-1]))
  graph.output('loss', loss)
  graph.output('gradient', op.concat(flat, 0))
  return graph
}

/** Without `tuned`, the model on disk alone. */
export function scoreGraph(
  checkpoint: ModelFiles,
  tuned: Tuned | undefined,
  bucket: Bucket,
  type: ComputeType = 'float32',
): Graph {
  const op = operators(new Graph())
  const hooks = tuned === undefined ? {} : graphParameters(op, tuned, checkpoint.config, type).hooks
  const losses = rowLosses(op, createDecoder(op, checkpoint, type, hooks), bucket)
  op.graph.output('losses', op.reshape(op.concat(losses, 0), [bucket.rows]))
  return op.graph
}

/** -log p(label) of the labelled rows, [chunk, 1] each. The head sees no other rows. */
function rowLosses(op: Operators, decoder: Decoder, { batch, length, rows }: Bucket): Tensor[] {
  const { graph } = op
  const head = decoder.weights.head()
  const sizes = chunks(rows, head.shape[0] as number)
  const hidden = decoder.hidden(graph.input('tokens', 'int32', [batch * length]), { batch, length })
  const labelled = op.split(op.gather(hidden, graph.input('positions', 'int32', [rows])), sizes, 0)
  const labels = op.split(graph.input('labels', 'int32', [rows]), sizes, 0)
  return labelled.map((part, i) => op.linearCrossEntropy(part, head, labels[i] as Tensor))
}

/**
 * Rows of the head that are computed at once, as even as may be. Their logits (float32) are the largest tensors of a
 * step and at most 96 MiB; fewer rows would save nothing (other tensors need as much at another time) and read the
 * head's weights more often.
 */
export function chunks(rows: number, vocabulary: number): number[] {
  const most = Math.max(1, Math.floor((96 * 2 ** 20) / 4 / vocabulary))
  const count = Math.ceil(rows / most)
  return Array.from({ length: count }, (_, i) => Math.floor(((i + 1) * rows) / count) - Math.floor((i * rows) / count))
}
