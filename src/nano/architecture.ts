/**
 * The shape of the built-in model `nano`: a Llama of 3 049 920 parameters, 6.1 MB as bfloat16. Every head has keys and
 * values of its own, as every copy that a small model makes needs some; the head is tied to the embedding, which is an
 * eighth of all weights as it is.
 */
import type { ModelConfig } from '../model/config.ts'

export const nanoConfig: ModelConfig = {
  family: 'llama',
  hiddenSize: 192,
  intermediateSize: 512,
  layers: 6,
  heads: 6,
  kvHeads: 6,
  headDim: 32,
  vocabSize: 2048,
  normEpsilon: 1e-5,
  // Half of the 16 frequencies turn by less than one radian over a whole prompt: what they compare can be far away.
  rope: { theta: 1_000_000 },
  tiedHead: true,
  qkvBias: false,
  maxPositions: 1024,
}
