/** A fresh adapter: it changes nothing yet, because B is zero. */
import { createRandom } from '../core/random.ts'
import type { ModelConfig } from '../model/config.ts'
import type { Adapter, LoraConfig } from './adapter.ts'
import { adapterLayout } from './layout.ts'

/**
 * A uniform in ±1/√in, which is Kaiming's bound with a = √5 (He et al., arXiv 1502.01852) and PEFT's default; B zero.
 *
 * Every factor has its own stream, derived from the seed and its name. With the federation's public seed this gives
 * the frozen A of FFA-LoRA (arXiv 2403.12313), the same on every peer.
 */
export function createAdapter(config: LoraConfig, model: ModelConfig, seed: string): Adapter {
  const { factors, total } = adapterLayout(config, model)
  const parameters = new Float32Array(total)
  const random = createRandom(seed)
  for (const { part, name, offset, size, shape } of factors) {
    if (part === 'B') continue
    const bound = 1 / Math.sqrt(shape[0])
    const stream = random.derive(name)
    for (let i = 0; i < size; i++) parameters[offset + i] = (2 * stream.next() - 1) * bound
  }
  return { config, parameters }
}
