/**
 * The one adapter that may leave: a `GlobalAdapter`'s factors on the fixed-point grid, as bytes with their digest.
 * There is no such function for a `LocalAdapter` (README, promise 1).
 */
import { createHash } from 'node:crypto'
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { nesterovStep, toTriple } from '../../src/averaging/outer.ts'
import { decodeState, encodeState, stateBytes } from '../../src/averaging/state-bytes.ts'
import { parametersOf } from '../../src/averaging/weighted.ts'
import { type Adapter, asGlobal, type GlobalAdapter, type LoraConfig } from '../../src/lora/adapter.ts'
import { createAdapter } from '../../src/lora/create.ts'
import { mixedParts, movingParts, type Parts } from '../../src/lora/factoring.ts'
import { type AdapterLayout, adapterLayout } from '../../src/lora/layout.ts'
import { checkFrozen, putFactors, sizeOf, takeFactors } from '../../src/lora/wire-state.ts'
import type { ModelConfig } from '../../src/model/config.ts'
import type { MixingPlan } from '../plan.ts'
import type { GatherRule } from './averaging/gather.ts'

export interface GlobalState {
  /** As this peer trains and serves it. */
  readonly adapter: GlobalAdapter
  /** What all peers hold, of the federation's rank; absent where that is the adapter. */
  readonly common?: Adapter
  /** Where this peer's rank is lower: the share of it that its adapter lacks. */
  readonly discarded?: number
  /** Of the outer optimiser, in the layout of the adapter; absent where it has none. */
  readonly momentum?: GlobalAdapter
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
  /** The adapter with these factors, put on the grid, at rest: what every other peer would read. */
  put(values: Float32Array): GlobalState
  /** What the session of a round makes of a state. Rounds count from 1. */
  session(round: number): SessionCodec
  /** Throws `remote` where the bytes are not an adapter of this federation. */
  decode(bytes: Uint8Array): GlobalState
}

export interface SessionCodec {
  /** Factors that the round trains and its session mixes. */
  readonly parts: Parts
  /** Does the session of the next round mix the same numbers? */
  readonly carries: boolean
  /** Where members gather what all bring instead of exchanging: what they make of it. */
  readonly rule?: GatherRule
  /** What the round began from, of as many numbers as its session ends with. */
  from(base: GlobalState): Float32Array
  /** What is mixed of an adapter that was trained from `base`. Throws `lora.frozen` where another factor moved. */
  take(base: GlobalState, trained: GlobalAdapter): Float32Array
  /** What follows for `base` from what was mixed: the same for all who began with it. */
  put(base: GlobalState, mixed: Float32Array): GlobalState
  /** The factors that follow from what was mixed, not put on the grid. */
  landing(mixed: ArrayLike<number>): ArrayLike<number>
}

export function createGlobalCodec(
  config: LoraConfig,
  model: ModelConfig,
  seed: string,
  { factors, outer }: Pick<MixingPlan, 'factors' | 'outer'> = { factors: 'ffa', outer: 'none' },
): GlobalCodec {
  const layout = adapterLayout(config, model)
  const held = movingParts(factors)
  const parameters = sizeOf(layout, held)
  const blank = asGlobal(createAdapter(config, model, seed))
  const rest = asGlobal({ config, parameters: new Float32Array(layout.total) })
  const numbers = outer === 'none' ? parameters : 2 * parameters
  const decode = (bytes: Uint8Array): GlobalState => {
    const values = parametersOf(decodeState(bytes, numbers))
    const adapter = putFactors(blank, layout, held, values.subarray(0, parameters))
    const state = { adapter, bytes, digest: createHash('sha256').update(bytes).digest('hex') }
    return outer === 'none'
      ? state
      : { ...state, momentum: putFactors(rest, layout, held, values.subarray(parameters)) }
  }
  const take = (adapter: GlobalAdapter): Float32Array => takeFactors(adapter, layout, held)
  /** Values of the factors, then of their momentum; what is left out is zero. */
  const put = (values: Float32Array): GlobalState => {
    const all = new Float32Array(numbers)
    all.set(values)
    return decode(encodeState(toGrid(all, resultGrid)))
  }
  const start = (): GlobalState => put(take(blank))
  const session = (round: number): SessionCodec => {
    const parts = mixedParts(factors, round)
    const of = (adapter: GlobalAdapter): Float32Array => takeFactors(adapter, layout, parts)
    return {
      parts,
      carries: mixedParts(factors, round + 1) === parts,
      from(base) {
        return session(round).take(base, base.adapter)
      },
      take(base, trained) {
        checkFrozen(base.adapter, trained, layout, parts)
        const update = of(trained)
        if (outer === 'none') return update
        return toTriple({ parameters: of(base.adapter), momentum: of(base.momentum ?? rest) }, update)
      },
      put(base, mixed) {
        if (outer === 'none') return put(take(putFactors(base.adapter, layout, parts, mixed)))
        const after = nesterovStep(mixed)
        const adapter = putFactors(base.adapter, layout, parts, Float32Array.from(after.parameters))
        const momentum = putFactors(base.momentum ?? rest, layout, parts, Float32Array.from(after.momentum))
        return put(join(take(adapter), take(momentum)))
      },
      landing: (mixed) => (outer === 'none' ? mixed : nesterovStep(mixed).parameters),
    }
  }
  const most = Math.max(...[1, 2].map((round) => sizeOf(layout, mixedParts(factors, round))))
  const mixed = outer === 'none' ? most : 3 * most
  return { layout, parameters, size: stateBytes(numbers), mixed, start, take, put, session, decode }
}

function join(first: Float32Array, second: Float32Array): Float32Array {
  const joined = new Float32Array(first.length + second.length)
  joined.set(first)
  joined.set(second, first.length)
  return joined
}
