/**
 * Global adapters of peers whose ranks differ: all hold the bytes of one adapter of the federation's rank, and each trains
 * and serves as much of it as its own rank can hold.
 */
import { createHash } from 'node:crypto'
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { decodeState, encodeState, stateBytes } from '../../src/averaging/state-bytes.ts'
import { parametersOf } from '../../src/averaging/weighted.ts'
import { inputError } from '../../src/core/errors.ts'
import { asGlobal, type GlobalAdapter, type LoraConfig } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import { adapterLayout } from '../../src/lora/layout.ts'
import { meanProductByLinear, toRank } from '../../src/lora/ranks.ts'
import type { ModelConfig } from '../../src/model/config.ts'
import type { GatherRule } from './averaging/gather.ts'
import type { GlobalCodec, GlobalState, SessionCodec } from './global-state.ts'

/** `config`: with the federation's rank. `rank`: of this peer, at most that. */
export function createRankedCodec(config: LoraConfig, model: ModelConfig, seed: string, rank: number): GlobalCodec {
  if (rank > config.rank) {
    throw inputError('lora.rank', `Cannot take part: expected a rank of at most lora.rank ${config.rank}, got ${rank}`)
  }
  const layout = adapterLayout(config, model)
  const own = { ...config, rank }
  const fresh = { common: createAdapter(config, model, seed), own: createAdapter(own, model, seed) }
  const numbersPerRank = layout.total / config.rank
  const decode = (bytes: Uint8Array): GlobalState => {
    const common = { config, parameters: parametersOf(decodeState(bytes, layout.total)) }
    const digest = createHash('sha256').update(bytes).digest('hex')
    if (rank === config.rank) return { adapter: asGlobal(common), bytes, digest }
    const { adapter, discarded } = toRank(common, rank, model, fresh.own)
    return { adapter: asGlobal(adapter), common, discarded, bytes, digest }
  }
  const put = (values: Float32Array): GlobalState => decode(encodeState(toGrid(values, resultGrid)))
  const take = ({ parameters }: GlobalAdapter): Float32Array => parameters
  const ruleIn = (round: number): GatherRule => ({
    fits: (numbers) => numbers % numbersPerRank === 0 && numbers > 0 && numbers <= layout.total,
    *result(brought) {
      const terms = brought.map(({ values, weight }) => {
        const adapter = { config: { ...config, rank: values.length / numbersPerRank }, parameters: values }
        return { adapter, weight }
      })
      const { adapter, discarded } = yield* meanProductByLinear(terms, config, model, fresh.common)
      return { values: adapter.parameters, events: [{ type: 'truncated', round, rank: config.rank, discarded }] }
    },
  })
  const session = (round: number): SessionCodec => ({
    parts: 'AB',
    carries: true,
    rule: ruleIn(round),
    from: ({ adapter, common }) => (common ?? adapter).parameters,
    take: (_, trained) => trained.parameters,
    put: (_, mixed) => put(mixed),
    landing: (mixed) => mixed,
  })
  const numbers = { parameters: layout.total, size: stateBytes(layout.total), mixed: layout.total }
  return { layout, ...numbers, start: () => put(fresh.common.parameters), take, put, session, decode }
}
