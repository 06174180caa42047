/**
 * AdamW (Loshchilov and Hutter, arXiv 1711.05101) on one flat vector. State is float32, arithmetic float64.
 */
export interface AdamWState {
  /** First and second moment, as long as the parameters. */
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
}

/** A stretch of the vector that is trained; the rest is neither updated nor decayed, nor does it count in the norm. */
export interface Stretch {
  readonly offset: number
  readonly size: number
}

const beta1 = 0.9
const beta2 = 0.999
const epsilon = 1e-8

export function createAdamWState(size: number): AdamWState {
  return { m: new Float32Array(size), v: new Float32Array(size), t: 0 }
}

/** Updates `parameters` and `state` in place. Returns the gradient's norm before clipping. */
export function adamwStep(
  parameters: Float32Array,
  gradient: Float32Array,
  state: AdamWState,
  options: AdamWOptions,
  trained: readonly Stretch[],
): number {
  const norm = gradientNorm(gradient, trained)
  // 1e-6 as in PyTorch's clip_grad_norm_, so that runs can be compared.
  const scale = Math.min(1, options.clipNorm / (norm + 1e-6))
  const { m, v } = state
  state.t += 1
  const correction1 = 1 - beta1 ** state.t
  const correction2 = 1 - beta2 ** state.t
  const keep = 1 - options.learningRate * options.weightDecay
  for (const { offset, size } of trained) {
    for (let i = offset; i < offset + size; i++) {
      const g = scale * (gradient[i] as number)
      const mi = beta1 * (m[i] as number) + (1 - beta1) * g
      const vi = beta2 * (v[i] as number) + (1 - beta2) * g * g
      m[i] = mi
      v[i] = vi
      const update = mi / correction1 / (Math.sqrt(vi / correction2) + epsilon)
      parameters[i] = (parameters[i] as number) * keep - options.learningRate * update
    }
  }
  return norm
}

function gradientNorm(gradient: Float32Array, trained: readonly Stretch[]): number {
  let sum = 0
  for (const { offset, size } of trained) {
    for (let i = offset; i < offset + size; i++) sum += (gradient[i] as number) ** 2
  }
  return Math.sqrt(sum)
}
