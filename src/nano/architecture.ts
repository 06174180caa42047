/**
 * The shape of the built-in model `nano`: a Llama of 2 755 008 parameters, 5.5 MB as bfloat16. Grouped queries as in
 * its larger relatives; the head tied to the embedding, which is a seventh of all weights as it is.
 */
import type { ModelConfig } from '../model/config.ts'

export const nanoConfig: ModelConfig = {
  family: 'llama',
  hiddenSize: 192,
  intermediateSize: 512,
  layers: 6,
  heads: 6,
  kvHeads: 2,
  headDim: 32,
  vocabSize: 2048,
  normEpsilon: 1e-5,
  // Half of the 16 frequencies turn by less than one radian over a whole prompt: what they compare can be far away.
  rope: { theta: 1_000_000 },
  tiedHead: true,
  qkvBias: false,
  maxPositions: 1024,
}
