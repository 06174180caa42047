/** A llama of two layers with random weights, some seventy kilobytes: enough to see whether a provider computes right. */
import { mkdir, rename, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { createRandom } from '../../core/random.ts'
import type { Checkpoint, WeightLocation } from '../../model/checkpoint.ts'
import type { ModelConfig } from '../../model/config.ts'

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

const weightFile = 'random-model.f32'

/** The checkpoint as it is once its bytes are written. */
export function randomModel(folder: string): { readonly checkpoint: Checkpoint; readonly bytes: Uint8Array } {
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
  const bytes = Buffer.concat(parts.map((part) => new Uint8Array(part.buffer)))
  return { checkpoint: { folder, config: model, weights, fingerprint: '' }, bytes }
}

/** Writes the weights into `folder`. */
export async function writeRandomModel(folder: string): Promise<Checkpoint> {
  const { checkpoint, bytes } = randomModel(folder)
  await mkdir(folder, { recursive: true })
  // Another process may have the file mapped: it is replaced as a whole.
  const path = join(folder, weightFile)
  await writeFile(`${path}.${process.pid}`, bytes)
  await rename(`${path}.${process.pid}`, path)
  return checkpoint
}
