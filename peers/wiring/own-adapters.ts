/** The adapters that a peer has by now: kept for its owner, offered to others if they are global, and judged. */
import type { Adapter, GlobalAdapter, LocalAdapter } from '../../src/lora/adapter.ts'
import type { PeerEventBody } from '../events.ts'
import type { Network, Store } from '../kernel/ports.ts'
import type { GlobalState } from './global-state.ts'
import { type SavedState, saveGlobal } from './saved-state.ts'

export interface OwnAdapters {
  readonly global: GlobalState
  /** Another global adapter from now on; durable when it resolves. Aborted, it leaves the one there was. */
  settle(next: GlobalState, round: number, signal: AbortSignal): Promise<void>
  /** After the exchange: the local adapter, from the global one that the round ended with. */
  personalise(round: number, signal: AbortSignal): Promise<void>
  /** On the held-out examples; the untuned model once. */
  evaluate(round: number, signal: AbortSignal): Promise<void>
}

export interface OwnAdaptersParts {
  readonly saved: SavedState
  readonly store: Store
  readonly network: Network
  readonly publish: (event: PeerEventBody) => void
  /** For the owner to serve and to look at. */
  readonly keep: (name: 'global' | 'local', adapter: Adapter) => Promise<void>
  readonly personalise: (round: TrainingRound, signal: AbortSignal) => Promise<LocalAdapter>
  /** Undefined where nothing was held out. */
  readonly evaluate: (adapter: Adapter | undefined, signal: AbortSignal) => Promise<HeldOutFigures | undefined>
}

export interface TrainingRound {
  readonly round: number
  /** Where training begins. */
  readonly global: GlobalAdapter
}

/** On the held-out examples: nats a response token, and the F-measure of greedy responses. */
export interface HeldOutFigures {
  readonly loss: number
  readonly rougeL: number
}

const adapters = ['base', 'global', 'local'] as const

export function createOwnAdapters(parts: OwnAdaptersParts): OwnAdapters {
  const { saved, store, network, publish, keep, evaluate } = parts
  let global: GlobalState = saved.global
  let local: LocalAdapter | undefined
  let evaluatedBase = false
  network.offer(global.digest, global.bytes)
  return {
    get global() {
      return global
    },
    async settle(next, round, signal) {
      await saveGlobal(store, next)
      // Whoever gave up waiting goes on from the old one.
      signal.throwIfAborted()
      await keep('global', next.adapter)
      signal.throwIfAborted()
      network.offer(next.digest, next.bytes)
      global = next
      const { adapter, discarded } = next
      if (discarded !== undefined) publish({ type: 'truncated', round, rank: adapter.config.rank, discarded })
    },
    async personalise(round, signal) {
      const trained = await parts.personalise({ round, global: global.adapter }, signal)
      await keep('local', trained)
      local = trained
    },
    async evaluate(round, signal) {
      const held: Record<(typeof adapters)[number], GlobalAdapter | LocalAdapter | undefined> = {
        base: undefined,
        global: global.adapter,
        local,
      }
      for (const adapter of adapters) {
        if ((adapter === 'base' && evaluatedBase) || (adapter === 'local' && local === undefined)) continue
        const figures = await evaluate(held[adapter], signal)
        if (figures !== undefined) publish({ type: 'evaluated', round, adapter, ...figures })
        if (adapter === 'base') evaluatedBase = true
      }
    },
  }
}
