import type { ModelConfig } from './config.ts'

export type WeightType = 'f32' | 'f16' | 'bf16'

/**
 * Where one weight lies on disk, byte for byte as ONNX Runtime can map it (external data): row-major, little endian,
 * Hugging Face layout [out, in].
 */
export interface WeightLocation {
  readonly type: WeightType
  readonly shape: readonly number[]
  /** File name inside the checkpoint's folder. */
  readonly file: string
  readonly offset: number
  readonly bytes: number
}

/** What a graph is built from. */
export interface ModelFiles {
  /** Absolute path of the folder that holds the weight files. */
  readonly folder: string
  readonly config: ModelConfig
  /** By Hugging Face name: `model.layers.0.self_attn.q_proj.weight`, `model.embed_tokens.weight`, ... */
  readonly weights: ReadonlyMap<string, WeightLocation>
}

/** A model on disk, checked: every tensor that its family needs is there with the right shape. */
export interface Checkpoint extends ModelFiles {
  /** sha256 over config and weights in a canonical order (hex): what peers compare in `hello`. */
  readonly fingerprint: string
}
