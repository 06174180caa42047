/**
 * How the flat vector of full-parameter training is cut into the weights of a model. Matrices come first, then norm
 * scales and biases, so that what decays is one stretch: decay pulls towards zero, and a scale has no business there
 * (Loshchilov and Hutter decay all; leaving vectors out is the custom since GPT-3, arXiv 2005.14165).
 */
import { inputError } from '../core/errors.ts'
import type { ModelConfig } from '../model/config.ts'
import { expectedWeights } from '../model/weight-names.ts'
import { elements } from '../onnx/tensor.ts'
import type { Stretch } from './adamw.ts'

export interface FullParameter {
  /** Hugging Face name. */
  readonly name: string
  readonly shape: readonly number[]
  /** First element in the flat vector, and how many there are. */
  readonly offset: number
  readonly size: number
}

export interface FullLayout {
  readonly parameters: readonly FullParameter[]
  /** Length of the flat vector. */
  readonly total: number
  /** All of it: the matrices, then the vectors. */
  readonly trained: readonly Stretch[]
}

export function fullLayout(config: ModelConfig): FullLayout {
  const weights = [...expectedWeights(config)]
  const matrices = weights.filter(([, shape]) => shape.length > 1)
  const vectors = weights.filter(([, shape]) => shape.length === 1)
  let offset = 0
  const parameters = [...matrices, ...vectors].map(([name, shape]) => {
    const size = elements(shape)
    offset += size
    return { name, shape, offset: offset - size, size }
  })
  const decayed = parameters[matrices.length]?.offset ?? offset
  const trained = [
    { offset: 0, size: decayed },
    { offset: decayed, size: offset - decayed, decays: false },
  ]
  return { parameters, total: offset, trained }
}

/** One vector from weights by name. */
export function joinWeights(layout: FullLayout, weights: ReadonlyMap<string, Float32Array>): Float32Array {
  const joined = new Float32Array(layout.total)
  for (const { name, offset, size } of layout.parameters) {
    const values = weights.get(name)
    if (values?.length !== size)
      throw inputError(
        'training.weights',
        `Cannot train: expected ${name} of ${size} numbers, got ${values?.length ?? 'none'}`,
      )
    joined.set(values, offset)
  }
  return joined
}

/** Weights by name, as views of one vector. */
export function cutWeights(layout: FullLayout, joined: Float32Array): Map<string, Float32Array> {
  return new Map(layout.parameters.map(({ name, offset, size }) => [name, joined.subarray(offset, offset + size)]))
}
