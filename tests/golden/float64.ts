/** Runs a training or scoring graph in float64, in standard ONNX alone: ONNX Runtime's own operators lack that type. */
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import type { Graph } from '../../src/onnx/graph.ts'
import { lower } from '../../src/onnx/lowering.ts'
import { serialize } from '../../src/onnx/model-proto.ts'
import { createSession, type Data, type Feed } from '../../src/onnx/session.ts'
import type { Batch } from '../../src/training/batch.ts'

export async function runFloat64(
  checkpoint: Checkpoint,
  graph: Graph,
  feeds: Record<string, Feed>,
): Promise<Record<string, Data>> {
  const session = await createSession(serialize(lower(graph, 'portable')), {
    device: 'cpu',
    threads: 1,
    purpose: 'train',
    folder: checkpoint.folder,
    optimization: 'basic',
  })
  const made = await session.run(feeds, [...graph.outputs.keys()])
  await session.release()
  return made
}

/** All inputs but the weights of a training graph. */
export function float64Feeds(batch: Batch, parameters?: Float64Array): Record<string, Feed> {
  const { rows } = batch
  return {
    tokens: { type: 'int32', shape: [batch.tokens.length], data: batch.tokens },
    labels: { type: 'int32', shape: [rows], data: batch.labels },
    positions: { type: 'int32', shape: [rows], data: batch.positions },
    ...(parameters && { parameters: { type: 'float64', shape: [parameters.length], data: parameters } }),
  }
}
