/** The weights that training from nothing begins with. */
import { createRandom } from '../core/random.ts'
import type { ModelConfig } from '../model/config.ts'
import { expectedWeights } from '../model/weight-names.ts'

const deviation = 0.02

/**
 * As GPT-2 (Radford et al. 2019): normal with deviation 0.02; what writes into the residual stream smaller by
 * 1/√(2·layers), so that the stream does not grow with depth. Norms scale by one, biases are zero.
 *
 * Every weight has its own stream, derived from the seed and its name.
 */
export function newWeights(config: ModelConfig, seed: string | number): Map<string, Float32Array> {
  const random = createRandom(seed)
  const initial = (name: string, size: number): Float32Array => {
    const values = new Float32Array(size)
    if (name.endsWith('norm.weight')) return values.fill(1)
    if (name.endsWith('.bias')) return values
    const stream = random.derive(name)
    const scale = /\.(o_proj|down_proj)\./.test(name) ? deviation / Math.sqrt(2 * config.layers) : deviation
    return values.map(() => scale * stream.normal())
  }
  return new Map(
    [...expectedWeights(config)].map(([name, shape]) => [
      name,
      initial(
        name,
        shape.reduce((a, b) => a * b),
      ),
    ]),
  )
}
