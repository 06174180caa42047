/**
 * The graphs of training and scoring. Inputs of both: tokens [batch·length], labels [rows], positions [rows] (which of
 * the batch·length rows carry a label) and parameters [adapter]. Training adds weights [rows] and gives `loss`, a
 * scalar, and `gradient`, in the order of the trained factors; scoring gives `losses` [rows].
 */
import { gradients } from '../autodiff/gradients.ts'
import type { LoraConfig } from '../lora/adapter.ts'
import { adapterLayout } from '../lora/layout.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import { createDecoder, type Decoder } from '../model/decoder.ts'
import { type ComputeType, castsLayerWeight } from '../model/decoder-weights.ts'
import { Graph } from '../onnx/graph.ts'
import { type Operators, operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { graphLora } from './graph-lora.ts'

/** Static sizes: ONNX Runtime plans a graph for one of them (see Batch). */
export interface Bucket {
  readonly batch: number
  readonly length: number
  readonly rows: number
}

export interface TrainGraphOptions {
  /** `B` freezes the A factors (FFA-LoRA, arXiv 2403.12313): `gradient` then holds those of B alone. */
  readonly trainable: 'AB' | 'B'
  /** Rate on the input of the adapter path, 0 for none. */
  readonly dropout: number
  /** float64 is for tests. */
  readonly type?: ComputeType
}

export function trainGraph(
  checkpoint: Checkpoint,
  lora: LoraConfig,
  bucket: Bucket,
  { trainable, dropout, type = 'float32' }: TrainGraphOptions,
): Graph {
  const op = operators(new Graph())
  const { graph } = op
  const adapter = adapterInput(op, checkpoint, lora, type, dropout)
  const losses = rowLosses(op, createDecoder(op, checkpoint, type, adapter.adapt), bucket)
  const weights = op.reshape(graph.input('weights', type, [bucket.rows]), [bucket.rows, 1])
  const parts = op.split(weights, chunks(bucket.rows, checkpoint.config.vocabSize), 0)
  const loss = op.sum(losses.map((part, i) => op.reduceSum(op.mul(part, parts[i] as Tensor), undefined, false)))
  const trained = adapter.factors.filter(({ factor }) => trainable === 'AB' || factor.part === 'B')
  const made = gradients(
    graph,
    loss,
    trained.map(({ tensor }) => tensor),
    { recompute: (node) => node.op === 'Silu' || castsLayerWeight(graph, node) },
  )
  const flat = made.map((gradient) => op.reshape(gradient, [-1]))
  graph.output('loss', loss)
  graph.output('gradient', op.concat(flat, 0))
  return graph
}

/** Without `lora`, the base model alone. */
export function scoreGraph(
  checkpoint: Checkpoint,
  lora: LoraConfig | undefined,
  bucket: Bucket,
  type: ComputeType = 'float32',
): Graph {
  const op = operators(new Graph())
  const adapt = lora === undefined ? undefined : adapterInput(op, checkpoint, lora, type, 0).adapt
  const losses = rowLosses(op, createDecoder(op, checkpoint, type, adapt), bucket)
  op.graph.output('losses', op.reshape(op.concat(losses, 0), [bucket.rows]))
  return op.graph
}

function adapterInput(op: Operators, { config }: Checkpoint, lora: LoraConfig, type: ComputeType, dropout: number) {
  const parameters = op.graph.input('parameters', type, [adapterLayout(lora, config).total])
  return graphLora(op, lora, config, parameters, dropout)
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
