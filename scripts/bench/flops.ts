/** Floating-point operations of a LoRA step, the products of the base model alone; the adapter's are not counted. */
import type { ModelConfig } from '../../src/model/config.ts'
import type { Bucket } from '../../src/training/graph.ts'

/** Forward, and backward to the inputs: frozen weights have no gradient of their own. */
export function stepFlops(config: ModelConfig, { batch, length, rows }: Bucket): { forward: number; backward: number } {
  const { hiddenSize, intermediateSize, layers, heads, kvHeads, headDim, vocabSize } = config
  const attention = hiddenSize * (2 * heads + 2 * kvHeads) * headDim
  const linears = 2 * batch * length * layers * (attention + 3 * hiddenSize * intermediateSize)
  const head = 2 * rows * vocabSize * hiddenSize
  const scores = 4 * batch * heads * length * length * headDim * layers
  return { forward: linears + head + scores, backward: linears + head + 2 * scores }
}
