/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) on the trained stretches of one flat vector. State is float32,
 * arithmetic float64.
 */
export interface AdamWState {
  /** First and second moment, one number for each trained parameter. */
  readonly m: Float32Array
  readonly v: Float32Array
  /** Updates made so far. */
  t: number
}

export interface AdamWOptions {
  readonly learningRate: number
  readonly weightDecay: number
  /** Largest global gradient norm; a longer gradient is scaled down to it. */
  readonly clipNorm: number
  /** Decay of the second moment, 0.999 unless given. */
  readonly beta2?: number
}

/** A stretch of the vector that is trained; the rest is neither updated nor decayed. */
export interface Stretch {
  readonly offset: number
  readonly size: number
  /** Weight decay; unless false. */
  readonly decays?: boolean
}

const beta1 = 0.9
const epsilon = 1e-8

export function createAdamWState(trained: readonly Stretch[]): AdamWState {
  const size = trainedSize(trained)
  return { m: new Float32Array(size), v: new Float32Array(size), t: 0 }
}

export function trainedSize(trained: readonly Stretch[]): number {
  return trained.reduce((sum, { size }) => sum + size, 0)
}

/**
 * Updates `parameters` and `state` in place. `gradient` holds the trained stretches one after the other. Returns its
 * norm before clipping.
 */
export function adamwStep(
  parameters: Float32Array,
  gradient: Float32Array,
  state: AdamWState,
  options: AdamWOptions,
  trained: readonly Stretch[],
): number {
  const norm = lengthOf(gradient)
  // 1e-6 as in PyTorch's clip_grad_norm_, so that runs can be compared.
  const scale = Math.min(1, options.clipNorm / (norm + 1e-6))
  const { m, v } = state
  const { beta2 = 0.999 } = options
  state.t += 1
  const correction1 = 1 / (1 - beta1 ** state.t)
  const correction2 = 1 / (1 - beta2 ** state.t)
  let k = 0
  for (const { offset, size, decays = true } of trained) {
    const keep = decays ? 1 - options.learningRate * options.weightDecay : 1
    for (let i = offset; i < offset + size; i++, k++) {
      const g = scale * (gradient[k] as number)
      const mk = beta1 * (m[k] as number) + (1 - beta1) * g
      const vk = beta2 * (v[k] as number) + (1 - beta2) * g * g
      m[k] = mk
      v[k] = vk
      const update = (mk * correction1) / (Math.sqrt(vk * correction2) + epsilon)
      parameters[i] = (parameters[i] as number) * keep - options.learningRate * update
    }
  }
  return norm
}

/** A plain loop: four times as fast as reduce() on the millions of numbers of a whole model. */
function lengthOf(vector: Float32Array): number {
  let sum = 0
  for (let i = 0; i < vector.length; i++) sum += (vector[i] as number) ** 2
  return Math.sqrt(sum)
}
