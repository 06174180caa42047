/** The tiny random models of tests/golden/tiny: checkpoint, adapter, batch, and the reference values beside them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type LoraConfig, linears } from '../../src/lora/adapter.ts'
import { adapterLayout, type Factor } from '../../src/lora/layout.ts'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import type { Batch } from '../../src/training/batch.ts'
import { readSafetensors, type Stored } from './safetensors.ts'

export const tinyModels = ['llama', 'llama3-rope-untied', 'qwen2'] as const
export type TinyModel = (typeof tinyModels)[number]

export const tinyFolder = (model: TinyModel): string => join(import.meta.dirname, 'tiny', model)

export function tinyCheckpoint(model: TinyModel): Checkpoint {
  const folder = tinyFolder(model)
  const json = JSON.parse(readFileSync(join(folder, 'config.json'), 'utf8'))
  const rope = json.rope_parameters
  const weights = readSafetensors(join(folder, 'model.safetensors'))
  return {
    folder,
    fingerprint: '',
    config: {
      family: json.model_type,
      hiddenSize: json.hidden_size,
      intermediateSize: json.intermediate_size,
      layers: json.num_hidden_layers,
      heads: json.num_attention_heads,
      kvHeads: json.num_key_value_heads,
      headDim: json.head_dim ?? json.hidden_size / json.num_attention_heads,
      vocabSize: json.vocab_size,
      normEpsilon: json.rms_norm_eps,
      tiedHead: json.tie_word_embeddings,
      qkvBias: json.model_type === 'qwen2',
      maxPositions: json.max_position_embeddings,
      rope: {
        theta: rope.rope_theta,
        ...(rope.rope_type === 'llama3' && {
          llama3: {
            factor: rope.factor,
            lowFrequencyFactor: rope.low_freq_factor,
            highFrequencyFactor: rope.high_freq_factor,
            originalMaxPositions: rope.original_max_position_embeddings,
          },
        }),
      },
    },
    weights: new Map(
      [...weights].map(([name, { shape, offset, bytes }]) => [
        name,
        { type: 'f32', shape, file: 'model.safetensors', offset, bytes },
      ]),
    ),
  }
}

/** r 3, alpha 6, on all seven linears. */
export const tinyLora: LoraConfig = { rank: 3, alpha: 6, targets: linears, rslora: false }

const modules = {
  q: 'self_attn.q_proj',
  k: 'self_attn.k_proj',
  v: 'self_attn.v_proj',
  o: 'self_attn.o_proj',
  gate: 'mlp.gate_proj',
  up: 'mlp.up_proj',
  down: 'mlp.down_proj',
} as const

/** PEFT's name of a factor; PEFT stores it transposed. */
export function peftName({ layer, linear, part }: Factor): string {
  return `base_model.model.model.layers.${layer}.${modules[linear]}.lora_${part}.weight`
}

/** PEFT tensors as one flat vector in our layout. */
export function flatten(checkpoint: Checkpoint, lora: LoraConfig, stored: Map<string, Stored>): Float64Array {
  const { factors, total } = adapterLayout(lora, checkpoint.config)
  const flat = new Float64Array(total)
  for (const factor of factors) {
    const [rows, columns] = factor.shape
    const values = stored.get(peftName(factor))?.values
    for (let i = 0; i < rows; i++)
      for (let j = 0; j < columns; j++) flat[factor.offset + i * columns + j] = values?.[j * rows + i] ?? Number.NaN
  }
  return flat
}

/** Token ids and labels in PyTorch's form (label i belongs to position i and is predicted from i-1; -100 is none). */
export function toBatch(ids: readonly (readonly number[])[], labels: readonly (readonly number[])[]): Batch {
  const length = ids[0]?.length ?? 0
  const rows = labels.flatMap((row, b) =>
    row.flatMap((label, t) => (t > 0 && label >= 0 ? [{ label, position: b * length + t - 1 }] : [])),
  )
  return {
    batch: ids.length,
    length,
    rows: rows.length,
    tokens: BigInt64Array.from(ids.flat(), BigInt),
    labels: BigInt64Array.from(rows, ({ label }) => BigInt(label)),
    positions: BigInt64Array.from(rows, ({ position }) => BigInt(position)),
    weights: new Float32Array(rows.length).fill(1 / rows.length),
  }
}

export function relativeError(actual: ArrayLike<number>, expected: ArrayLike<number>): number {
  let [difference, norm] = [0, 0]
  for (let i = 0; i < expected.length; i++) {
    difference += ((actual[i] ?? Number.NaN) - (expected[i] as number)) ** 2
    norm += (expected[i] as number) ** 2
  }
  return Math.sqrt(difference / norm)
}
