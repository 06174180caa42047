/**
 * Does a provider compute the gradients that the processor does? A wrong kernel gives no error, only garbage (seen with
 * the WebGPU provider of onnxruntime 1.30), so the training graph of a small random model is run on both and compared.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from '../../core/random.ts'
import { createAdapter } from '../../lora/create.ts'
import type { Checkpoint, WeightLocation } from '../../model/checkpoint.ts'
import type { ModelConfig } from '../../model/config.ts'
import type { Provider } from '../../onnx/session.ts'
import { buildBatch, planBatches } from '../../training/batches.ts'
import { createTrainStep } from '../../training/train-step.ts'

const model: ModelConfig = {
  family: 'llama',
  hiddenSize: 32,
  intermediateSize: 48,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 8,
  vocabSize: 64,
  normEpsilon: 1e-5,
  rope: { theta: 10000 },
  tiedHead: true,
  qkvBias: false,
  maxPositions: 64,
}
const lora = { rank: 2, alpha: 4, targets: ['q', 'v', 'down'], rslora: false } as const
const weightFile = 'random-model.f32'

/** Relative L2 distance between the provider's gradient and the processor's; NaN and infinity are possible. */
export async function gradientError(device: Provider, folder: string): Promise<number> {
  const checkpoint = await writeRandomModel(folder)
  const random = createRandom('gradient check')
  const samples = Array.from({ length: 3 }, () => ({
    tokens: Array.from({ length: 17 }, () => random.below(model.vocabSize)),
    labelStart: 5,
  }))
  const [planned] = planBatches(samples, { epochs: 1, batchSize: 3, accumulate: 1, seed: 'check' }).steps.flat()
  if (planned === undefined) throw new RangeError('Cannot check gradients: expected one batch, got none')
  const batch = buildBatch(samples, planned, 1 / 36)
  // B is not zero here: with B zero the gradient of A would be zero and nothing would be compared.
  const { parameters } = createAdapter(lora, model, 'gradient check')
  const filled = parameters.map((value) => (value === 0 ? 0.1 * random.normal() : value))
  const on = async (device: Provider): Promise<Float32Array> => {
    const step = createTrainStep(checkpoint, lora, { trainable: 'AB', dropout: 0, device, threads: 1 })
    try {
      return (await step.step(batch, filled)).gradient
    } finally {
      await step.release()
    }
  }
  const expected = await on('cpu')
  return relativeDistance(await on(device), expected)
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

async function writeRandomModel(folder: string): Promise<Checkpoint> {
  const random = createRandom('gradient check model')
  const weights = new Map<string, WeightLocation>()
  const parts: Float32Array[] = []
  let offset = 0
  const add = (name: string, shape: readonly number[]): void => {
    const isNorm = shape.length === 1
    const size = shape.reduce((product, n) => product * n, 1)
    const values = Float32Array.from({ length: size }, () => (isNorm ? 1 : 0) + 0.15 * random.normal())
    weights.set(name, { type: 'f32', shape, file: weightFile, offset, bytes: values.byteLength })
    parts.push(values)
    offset += values.byteLength
  }
  const { hiddenSize, intermediateSize, heads, kvHeads, headDim } = model
  add('model.embed_tokens.weight', [model.vocabSize, hiddenSize])
  add('model.norm.weight', [hiddenSize])
  for (let layer = 0; layer < model.layers; layer++) {
    const prefix = `model.layers.${layer}`
    add(`${prefix}.input_layernorm.weight`, [hiddenSize])
    add(`${prefix}.post_attention_layernorm.weight`, [hiddenSize])
    add(`${prefix}.self_attn.q_proj.weight`, [heads * headDim, hiddenSize])
    add(`${prefix}.self_attn.k_proj.weight`, [kvHeads * headDim, hiddenSize])
    add(`${prefix}.self_attn.v_proj.weight`, [kvHeads * headDim, hiddenSize])
    add(`${prefix}.self_attn.o_proj.weight`, [hiddenSize, heads * headDim])
    add(`${prefix}.mlp.gate_proj.weight`, [intermediateSize, hiddenSize])
    add(`${prefix}.mlp.up_proj.weight`, [intermediateSize, hiddenSize])
    add(`${prefix}.mlp.down_proj.weight`, [hiddenSize, intermediateSize])
  }
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, weightFile), Buffer.concat(parts.map((part) => new Uint8Array(part.buffer))))
  return { folder, config: model, weights, fingerprint: '' }
}
