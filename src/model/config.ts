/**
 * What the graphs need to know of a decoder-only transformer. Families are a small table of differences (biases on
 * q, k, v; tied head; rotary scaling), not separate models.
 */
export interface ModelConfig {
  readonly family: 'llama' | 'qwen2'
  readonly hiddenSize: number
  readonly intermediateSize: number
  readonly layers: number
  readonly heads: number
  readonly kvHeads: number
  readonly headDim: number
  readonly vocabSize: number
  readonly normEpsilon: number
  readonly rope: RopeConfig
  /** The output head is the input embedding. */
  readonly tiedHead: boolean
  /** q, k and v have biases (Qwen2). */
  readonly qkvBias: boolean
  /** Longest context that the checkpoint was made for. */
  readonly maxPositions: number
}

export interface RopeConfig {
  readonly theta: number
  /** Llama 3 frequency scaling; absent where frequencies are plain. */
  readonly llama3?: {
    readonly factor: number
    readonly lowFrequencyFactor: number
    readonly highFrequencyFactor: number
    readonly originalMaxPositions: number
  }
}
