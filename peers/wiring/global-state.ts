/**
 * The one adapter that may leave: a `GlobalAdapter`'s factors on the fixed-point grid, as bytes with their digest.
 * There is no such function for a `LocalAdapter` (README, promise 1).
 */
import { createHash } from 'node:crypto'
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { decodeState, encodeState, stateBytes } from '../../src/averaging/state-bytes.ts'
import { parametersOf } from '../../src/averaging/weighted.ts'
import { asGlobal, type GlobalAdapter, type LoraConfig } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import { type Factoring, mixedParts, movingParts, type Parts } from '../../src/lora/factoring.ts'
import { type AdapterLayout, adapterLayout } from '../../src/lora/layout.ts'
import { checkFrozen, putFactors, sizeOf, takeFactors } from '../../src/lora/wire-state.ts'
import type { ModelConfig } from '../../src/model/config.ts'

export interface GlobalState {
  readonly adapter: GlobalAdapter
  readonly bytes: Uint8Array
  /** sha256 of the bytes, hex. */
  readonly digest: string
}

export interface GlobalCodec {
  readonly layout: AdapterLayout
  /** Numbers in the factors that a state holds: those that are not frozen for good. */
  readonly parameters: number
  /** Bytes of every encoded adapter of this federation. */
  readonly size: number
  /** Most numbers that a session mixes. */
  readonly mixed: number
  /** What every peer begins with: A from the federation's seed, B zero. */
  start(): GlobalState
  /** The factors that a state holds. */
  take(adapter: GlobalAdapter): Float32Array
  /** The adapter with these factors, put on the grid: what every other peer would read. */
  put(values: Float32Array): GlobalState
  /** What the session of a round makes of a state. Rounds count from 1. */
  session(round: number): SessionCodec
  /** Throws `remote` where the bytes are not an adapter of this federation. */
  decode(bytes: Uint8Array): GlobalState
}

export interface SessionCodec {
  /** Factors that the round trains and its session mixes. */
  readonly parts: Parts
  /** What is mixed of an adapter that was trained from `base`. Throws `lora.frozen` where another factor moved. */
  take(base: GlobalState, trained: GlobalAdapter): Float32Array
  /** What follows for `base` from what was mixed: the same for all who began with it. */
  put(base: GlobalState, mixed: Float32Array): GlobalState
}

export function createGlobalCodec(
  config: LoraConfig,
  model: ModelConfig,
  seed: string,
  factoring: Factoring = 'ffa',
): GlobalCodec {
  const layout = adapterLayout(config, model)
  const held = movingParts(factoring)
  const parameters = sizeOf(layout, held)
  const blank = asGlobal(createAdapter(config, model, seed))
  const decode = (bytes: Uint8Array): GlobalState => ({
    adapter: putFactors(blank, layout, held, parametersOf(decodeState(bytes, parameters))),
    bytes,
    digest: createHash('sha256').update(bytes).digest('hex'),
  })
  const take = (adapter: GlobalAdapter): Float32Array => takeFactors(adapter, layout, held)
  const put = (values: Float32Array): GlobalState => decode(encodeState(toGrid(values, resultGrid)))
  const start = (): GlobalState => put(take(blank))
  const session = (round: number): SessionCodec => {
    const parts = mixedParts(factoring, round)
    return {
      parts,
      take(base, trained) {
        checkFrozen(base.adapter, trained, layout, parts)
        return takeFactors(trained, layout, parts)
      },
      put: (base, mixed) => put(take(putFactors(base.adapter, layout, parts, mixed))),
    }
  }
  const mixed = Math.max(...[1, 2].map((round) => sizeOf(layout, mixedParts(factoring, round))))
  return { layout, parameters, size: stateBytes(parameters), mixed, start, take, put, session, decode }
}
