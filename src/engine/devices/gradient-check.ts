/**
 * Does a provider compute the gradients that the processor does? A wrong kernel gives no error, only garbage (seen with
 * the WebGPU provider of onnxruntime 1.30), so the training graph of a small random model is run on both and compared.
 */
import { createHash } from 'node:crypto'
import { createRandom } from '../../core/random.ts'
import { createAdapter } from '../../lora/create.ts'
import { lower } from '../../onnx/lowering.ts'
import type { LoweringTable } from '../../onnx/lowering-table.ts'
import { serialize } from '../../onnx/model-proto.ts'
import type { Provider } from '../../onnx/session.ts'
import type { Batch } from '../../training/batch.ts'
import { buildBatch, labelledInStep } from '../../training/batches.ts'
import { trainGraph } from '../../training/graph.ts'
import { createTrainStep, loweringFor } from '../../training/train-step.ts'
import { randomModel, writeRandomModel } from './random-model.ts'

const lora = { rank: 2, alpha: 4, targets: ['q', 'v', 'down'], rslora: false } as const
const graphOptions = { trainable: 'AB', dropout: 0 } as const

/**
 * Relative L2 distance between the provider's gradient and the processor's; NaN and infinity are possible. `lowering` is
 * the provider's own unless given.
 */
export async function gradientError(device: Provider, folder: string, lowering?: LoweringTable): Promise<number> {
  const checkpoint = await writeRandomModel(folder)
  const batch = checkBatch(checkpoint.config.vocabSize)
  // B is not zero here: with B zero the gradient of A would be zero and nothing would be compared.
  const random = createRandom('gradient check B')
  const { parameters } = createAdapter(lora, checkpoint.config, 'gradient check')
  const filled = parameters.map((value) => (value === 0 ? 0.1 * random.normal() : value))
  const on = async (device: Provider, lowering?: LoweringTable): Promise<Float32Array> => {
    const step = createTrainStep(checkpoint, lora, {
      ...graphOptions,
      device,
      threads: 1,
      ...(lowering && { lowering }),
    })
    try {
      return (await step.step(batch, filled)).gradient
    } finally {
      await step.release()
    }
  }
  const expected = await on('cpu')
  return relativeDistance(await on(device, lowering), expected)
}

/** Changes whenever the graph that a provider is given does: what was found out about another graph does not count. */
export function gradientCheckDigest(device: Provider): string {
  const { checkpoint } = randomModel('.')
  const graph = trainGraph(checkpoint, lora, checkBatch(checkpoint.config.vocabSize), graphOptions)
  return createHash('sha256')
    .update(serialize(lower(graph, loweringFor(device))))
    .digest('hex')
}

function checkBatch(vocabulary: number): Batch {
  const random = createRandom('gradient check')
  const samples = Array.from({ length: 3 }, () => ({
    tokens: Array.from({ length: 17 }, () => random.below(vocabulary)),
    labelStart: 5,
  }))
  const planned = { samples: [0, 1, 2], shape: { batch: 3, length: 16, rows: 40 } }
  return buildBatch(samples, planned, 1 / labelledInStep(samples, [planned]))
}

/** ‖actual - expected‖ / ‖expected‖. */
export function relativeDistance(actual: Float32Array, expected: Float32Array): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] as number) - (expected[i] as number)) ** 2
    norm += (expected[i] as number) ** 2
  }
  return Math.sqrt(difference / norm)
}
