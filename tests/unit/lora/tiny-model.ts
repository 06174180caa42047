import type { ModelConfig } from '../../../src/model/config.ts'

/** Sizes all different, so that a swapped shape shows. */
export const tinyModel: ModelConfig = {
  family: 'llama',
  hiddenSize: 12,
  intermediateSize: 20,
  layers: 2,
  heads: 4,
  kvHeads: 2,
  headDim: 4,
  vocabSize: 30,
  normEpsilon: 1e-5,
  rope: { theta: 10000 },
  tiedHead: true,
  qkvBias: false,
  maxPositions: 64,
}
