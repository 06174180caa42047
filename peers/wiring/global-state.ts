/**
 * The one adapter that may leave: a `GlobalAdapter`'s B factors on the fixed-point grid, as bytes with their digest.
 * There is no such function for a `LocalAdapter` (README, promise 1).
 */
import { createHash } from 'node:crypto'
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { decodeState, encodeState, stateBytes } from '../../src/averaging/state-bytes.ts'
import { parametersOf } from '../../src/averaging/weighted.ts'
import { asGlobal, type GlobalAdapter, type LoraConfig } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import { type AdapterLayout, adapterLayout } from '../../src/lora/layout.ts'
import { putB, sizeOfB, takeB } from '../../src/lora/wire-state.ts'
import type { ModelConfig } from '../../src/model/config.ts'

export interface GlobalState {
  readonly adapter: GlobalAdapter
  readonly bytes: Uint8Array
  /** sha256 of the bytes, hex. */
  readonly digest: string
}

export interface GlobalCodec {
  readonly layout: AdapterLayout
  /** Numbers in the B factors. */
  readonly parameters: number
  /** Bytes of every encoded adapter of this federation. */
  readonly size: number
  /** What every peer begins with: A from the federation's seed, B zero. */
  start(): GlobalState
  /** What of a global adapter is averaged. */
  take(adapter: GlobalAdapter): Float32Array
  /** The adapter with these B factors, put on the grid: what every other peer would read. */
  put(b: Float32Array): GlobalState
  /** Throws `remote` where the bytes are not an adapter of this federation. */
  decode(bytes: Uint8Array): GlobalState
}

export function createGlobalCodec(config: LoraConfig, model: ModelConfig, seed: string): GlobalCodec {
  const layout = adapterLayout(config, model)
  const parameters = sizeOfB(layout)
  const blank = asGlobal(createAdapter(config, model, seed))
  const decode = (bytes: Uint8Array): GlobalState => ({
    adapter: putB(blank, layout, parametersOf(decodeState(bytes, parameters))),
    bytes,
    digest: createHash('sha256').update(bytes).digest('hex'),
  })
  const take = (adapter: GlobalAdapter): Float32Array => takeB(adapter, layout)
  const put = (b: Float32Array): GlobalState => decode(encodeState(toGrid(b, resultGrid)))
  const start = (): GlobalState => put(take(blank))
  return { layout, parameters, size: stateBytes(parameters), start, take, put, decode }
}
