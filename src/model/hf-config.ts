/** config.json of a Hugging Face directory <-> ModelConfig. */
import { z } from 'zod'
import { inputError } from '../core/errors.ts'
import type { ModelConfig, RopeConfig } from './config.ts'

const count = z.int().min(1).max(1_000_000)

const rope = z.looseObject({
  rope_theta: z.number().positive().optional(),
  rope_type: z.string().optional(),
  /** The older name of `rope_type`. */
  type: z.string().optional(),
  factor: z.number().positive().optional(),
  low_freq_factor: z.number().positive().optional(),
  high_freq_factor: z.number().positive().optional(),
  original_max_position_embeddings: count.optional(),
})

const schema = z.looseObject({
  model_type: z.enum(['llama', 'qwen2']),
  hidden_size: count,
  intermediate_size: count,
  num_hidden_layers: count.max(1000),
  num_attention_heads: count.max(1000),
  num_key_value_heads: count.max(1000).optional(),
  head_dim: count.nullish(),
  vocab_size: count,
  rms_norm_eps: z.number().positive(),
  max_position_embeddings: count.max(100_000_000),
  tie_word_embeddings: z.boolean().default(false),
  hidden_act: z.literal('silu').default('silu'),
  mlp_bias: z.literal(false).default(false),
  attention_bias: z.literal(false).default(false),
  use_sliding_window: z.literal(false).default(false),
  rope_theta: z.number().positive().optional(),
  rope_scaling: rope.nullish(),
  /** transformers 5 writes this; earlier versions the two fields above. */
  rope_parameters: rope.nullish(),
})

/** `path` is for the message only. */
export function parseHfConfig(json: unknown, path: string): ModelConfig {
  const parsed = schema.safeParse(json)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const key = issue?.path.join('.') || 'the whole'
    const actual = JSON.stringify(issue?.path.reduce(at, json))?.slice(0, 80)
    const expected = key === 'model_type' ? 'one of the families llama, qwen2' : issue?.message
    throw inputError('config.unusable', `Cannot use ${path}: ${key}: expected ${expected}, got ${actual}`, {
      path,
      key,
    })
  }
  const c = parsed.data
  return checkConfig(
    {
      family: c.model_type,
      hiddenSize: c.hidden_size,
      intermediateSize: c.intermediate_size,
      layers: c.num_hidden_layers,
      heads: c.num_attention_heads,
      kvHeads: c.num_key_value_heads ?? c.num_attention_heads,
      headDim: c.head_dim ?? c.hidden_size / c.num_attention_heads,
      vocabSize: c.vocab_size,
      normEpsilon: c.rms_norm_eps,
      rope: parseRope(c.rope_parameters ?? { ...c.rope_scaling, rope_theta: c.rope_theta }, path),
      tiedHead: c.tie_word_embeddings,
      qkvBias: c.model_type === 'qwen2',
      maxPositions: c.max_position_embeddings,
    },
    path,
  )
}

function at(value: unknown, key: PropertyKey): unknown {
  return (value as Record<PropertyKey, unknown> | null | undefined)?.[key]
}

/** What no single field shows. */
export function checkConfig(config: ModelConfig, path: string): ModelConfig {
  const { heads, kvHeads, headDim } = config
  if (heads % kvHeads !== 0) {
    throw inputError(
      'config.unusable',
      `Cannot use ${path}: expected heads to be a multiple of ${kvHeads} key-value heads, got ${heads}`,
    )
  }
  if (!Number.isInteger(headDim) || headDim % 2 !== 0) {
    throw inputError('config.unusable', `Cannot use ${path}: expected an even head size, got ${headDim}`)
  }
  return config
}

function parseRope(raw: z.infer<typeof rope>, path: string): RopeConfig {
  const theta = raw.rope_theta ?? 10_000
  const type = raw.rope_type ?? raw.type ?? 'default'
  if (type === 'default') return { theta }
  const { factor, low_freq_factor: low, high_freq_factor: high, original_max_position_embeddings: original } = raw
  if (type !== 'llama3' || factor === undefined || low === undefined || high === undefined || original === undefined) {
    throw inputError(
      'config.unusable',
      `Cannot use ${path}: rope scaling: expected "default" or "llama3" with its four figures, got ${JSON.stringify(raw)}`,
      { path },
    )
  }
  return {
    theta,
    llama3: { factor, lowFrequencyFactor: low, highFrequencyFactor: high, originalMaxPositions: original },
  }
}

/** The other way: what `parseHfConfig` reads back as the same. */
export function formatHfConfig(config: ModelConfig): Readonly<Record<string, unknown>> {
  const { theta, llama3 } = config.rope
  const scaling = llama3 && {
    rope_type: 'llama3',
    factor: llama3.factor,
    low_freq_factor: llama3.lowFrequencyFactor,
    high_freq_factor: llama3.highFrequencyFactor,
    original_max_position_embeddings: llama3.originalMaxPositions,
  }
  return {
    model_type: config.family,
    hidden_size: config.hiddenSize,
    intermediate_size: config.intermediateSize,
    num_hidden_layers: config.layers,
    num_attention_heads: config.heads,
    num_key_value_heads: config.kvHeads,
    head_dim: config.headDim,
    vocab_size: config.vocabSize,
    rms_norm_eps: config.normEpsilon,
    max_position_embeddings: config.maxPositions,
    tie_word_embeddings: config.tiedHead,
    // For transformers 4, which knows no rope_parameters and would turn by another base without a word.
    rope_theta: theta,
    ...(scaling && { rope_scaling: scaling }),
    rope_parameters: { rope_theta: theta, ...(scaling ?? { rope_type: 'default' }) },
  }
}
