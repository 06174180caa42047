/**
 * A LoRA adapter as the program holds it: one flat float32 vector and the layout that cuts it.
 * Per layer, per target in the order of `linears`: A [in, rank], then B [rank, out], row-major.
 * (PEFT stores both transposed; only the PEFT reader and writer know.)
 */
export const linears = ['q', 'k', 'v', 'o', 'gate', 'up', 'down'] as const
export type Linear = (typeof linears)[number]

export interface LoraConfig {
  readonly rank: number
  readonly alpha: number
  readonly targets: readonly Linear[]
  /** Scale by alpha / sqrt(rank) instead of alpha / rank (rsLoRA, arXiv 2312.03732). */
  readonly rslora: boolean
}

export interface Adapter {
  readonly config: LoraConfig
  /** All factors, in the order above; its length is `adapterLayout(config, model).total`. */
  readonly parameters: Float32Array
}

/**
 * The two kinds of adapter a peer holds. Only a `GlobalAdapter` has an encoder for the wire (README, promise 1):
 * the brand is what keeps a `LocalAdapter` out of it at compile time.
 */
declare const kind: unique symbol
export type GlobalAdapter = Adapter & { readonly [kind]: 'global' }
export type LocalAdapter = Adapter & { readonly [kind]: 'local' }

/**
 * Declares that an adapter was trained on nothing but synthetic data and averages of such adapters, so that it may be
 * shared. What was declared local does not type-check here.
 */
export function asGlobal(adapter: Adapter & { readonly [kind]?: 'global' }): GlobalAdapter {
  return adapter as GlobalAdapter
}

/** Declares that an adapter has seen private examples: it never leaves this peer. */
export function asLocal(adapter: Adapter): LocalAdapter {
  return adapter as LocalAdapter
}
