/** GGUF metadata -> ModelConfig, and the names under which GGUF keeps the weights. */
import { inputError } from '../../core/errors.ts'
import type { ModelConfig, RopeConfig } from '../config.ts'
import { checkConfig } from '../hf-config.ts'
import { expectedWeights } from '../weight-names.ts'
import { dequantise } from './dequantise.ts'
import type { Gguf, GgufValue } from './read.ts'

export async function ggufConfig(gguf: Gguf): Promise<ModelConfig> {
  const family = gguf.metadata.get('general.architecture')
  if (family !== 'llama' && family !== 'qwen2') {
    throw inputError(
      'config.unusable',
      `Cannot use ${gguf.path}: general.architecture: expected one of the families llama, qwen2, got ${JSON.stringify(family)}`,
      { path: gguf.path },
    )
  }
  const get = (key: string): GgufValue | undefined => gguf.metadata.get(`${family}.${key}`)
  const has = (key: string): boolean => get(key) !== undefined
  const fail = (key: string, expected: string) =>
    inputError(
      'config.unusable',
      `Cannot use ${gguf.path}: ${family}.${key}: expected ${expected}, got ${String(get(key)).slice(0, 80)}`,
      { path: gguf.path, key },
    )
  const positive = (key: string): number => {
    const value = get(key)
    if (typeof value !== 'number' || !(value > 0 && value < 1e9)) throw fail(key, 'a positive number')
    return value
  }
  // The limits are those of config.json; what follows allocates by them.
  const count = (key: string, limit = 1_000_000): number => {
    const value = positive(key)
    if (!Number.isInteger(value) || value > limit) throw fail(key, `a whole number from 1 to ${limit}`)
    return value
  }
  const embedding = gguf.tensors.get('token_embd.weight')
  const heads = count('attention.head_count', 1000)
  const headDim = has('attention.key_length') ? count('attention.key_length') : count('embedding_length') / heads
  // Llama 3's scaling stands in a tensor (below); any other is named here and would change every rotation.
  if (has('rope.scaling.type') && get('rope.scaling.type') !== 'none') throw fail('rope.scaling.type', 'none')
  if (has('rope.dimension_count') && get('rope.dimension_count') !== headDim) {
    throw fail('rope.dimension_count', `the whole head, ${headDim}`)
  }
  return checkConfig(
    {
      family,
      hiddenSize: count('embedding_length'),
      intermediateSize: count('feed_forward_length'),
      layers: count('block_count', 1000),
      heads,
      kvHeads: has('attention.head_count_kv') ? count('attention.head_count_kv', 1000) : heads,
      headDim,
      vocabSize: embedding?.shape[0] ?? 0,
      // A float32 in the file; its shortest decimal is what the checkpoint's author wrote.
      normEpsilon: Number(positive('attention.layer_norm_rms_epsilon').toPrecision(7)),
      rope: await ropeOf(gguf, has('rope.freq_base') ? positive('rope.freq_base') : 10_000, headDim),
      tiedHead: !gguf.tensors.has('output.weight'),
      qkvBias: family === 'qwen2',
      maxPositions: count('context_length', 100_000_000),
    },
    gguf.path,
  )
}

/**
 * GGUF keeps Llama 3's rotary scaling as one divisor per frequency. The four figures that make them are those of every
 * Llama 3.1 to 3.3 release but the factor, which is the largest divisor; the divisors are compared with the file's.
 */
async function ropeOf(gguf: Gguf, theta: number, headDim: number): Promise<RopeConfig> {
  const tensor = gguf.tensors.get('rope_freqs.weight')
  if (tensor === undefined) return { theta }
  if (tensor.shape.join() !== String(headDim / 2)) {
    throw inputError(
      'checkpoint.shape',
      `Cannot open ${gguf.path}: tensor rope_freqs.weight: expected shape [${headDim / 2}], got [${tensor.shape}]`,
      { path: gguf.path },
    )
  }
  const divisors = await dequantise(gguf, tensor)
  const llama3 = {
    factor: Math.max(...divisors),
    lowFrequencyFactor: 1,
    highFrequencyFactor: 4,
    originalMaxPositions: 8192,
  }
  for (const [i, divisor] of divisors.entries()) {
    const wavelength = 2 * Math.PI * theta ** ((2 * i) / headDim)
    const turns = llama3.originalMaxPositions / wavelength
    const smooth = Math.min(1, Math.max(0, (turns - 1) / 3))
    const expected = 1 / ((1 - smooth) / llama3.factor + smooth)
    if (!(Math.abs(expected - divisor) <= 1e-3 * expected)) {
      throw inputError(
        'config.unusable',
        `Cannot use ${gguf.path}: rope_freqs.weight: expected ${expected.toFixed(4)} at ${i} as in Llama 3, got ${divisor}`,
        { path: gguf.path },
      )
    }
  }
  return { theta, llama3 }
}

const parts: Readonly<Record<string, string>> = {
  input_layernorm: 'attn_norm',
  'self_attn.q_proj': 'attn_q',
  'self_attn.k_proj': 'attn_k',
  'self_attn.v_proj': 'attn_v',
  'self_attn.o_proj': 'attn_output',
  post_attention_layernorm: 'ffn_norm',
  'mlp.gate_proj': 'ffn_gate',
  'mlp.up_proj': 'ffn_up',
  'mlp.down_proj': 'ffn_down',
}

const outside: Readonly<Record<string, string>> = {
  'model.embed_tokens.weight': 'token_embd.weight',
  'model.norm.weight': 'output_norm.weight',
  'lm_head.weight': 'output.weight',
}

/** `model.layers.3.self_attn.q_proj.weight` -> `blk.3.attn_q.weight`. */
function ggufName(name: string): string {
  const match = /^model\.layers\.(\d+)\.(.+)\.(weight|bias)$/.exec(name)
  const [, layer = '', part = '', kind = ''] = match ?? []
  return match === null ? (outside[name] ?? name) : `blk.${layer}.${parts[part]}.${kind}`
}

/** Every tensor that the family needs, in order, with its shape checked. */
export function ggufWeights(gguf: Gguf, config: ModelConfig) {
  return [...expectedWeights(config)].map(([name, shape]) => {
    const tensor = gguf.tensors.get(ggufName(name))
    if (tensor === undefined || tensor.shape.join() !== shape.join()) {
      const actual = tensor === undefined ? 'no such tensor' : `[${tensor.shape}]`
      throw inputError(
        'checkpoint.shape',
        `Cannot open ${gguf.path}: tensor ${ggufName(name)}: expected shape [${shape}], got ${actual}`,
        { path: gguf.path, name },
      )
    }
    return { name, tensor }
  })
}
