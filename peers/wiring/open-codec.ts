/** How the global adapter of a plan is held and mixed. */
import { inputError } from '../../src/core/errors.ts'
import type { ModelConfig } from '../../src/model/config.ts'
import type { FederationPlan } from '../plan.ts'
import { createGlobalCodec, type GlobalCodec } from './global-state.ts'
import { createRankedCodec } from './ranked-state.ts'

/** `rank`: of this peer's adapters, where it differs from the federation's. */
export function openCodec(
  { lora, seed, mixing }: Pick<FederationPlan, 'lora' | 'seed' | 'mixing'>,
  model: ModelConfig,
  rank = lora.rank,
): GlobalCodec {
  const { codec } = mixing
  if (mixing.factors === 'svd') {
    if (codec === 'fixed') return createRankedCodec(lora, model, seed, rank)
    const but = `nothing is exchanged where mixing.factors is svd`
    throw inputError('mixing.codec', `Cannot mix in ${codec}: expected codec fixed, because ${but}`)
  }
  if (rank === lora.rank) return createGlobalCodec(lora, model, seed, mixing)
  const but = `mixing.factors is ${mixing.factors}, where all peers have the rank ${lora.rank}`
  throw inputError('lora.rank', `Cannot take part with rank ${rank}: expected mixing.factors svd, but ${but}`)
}
