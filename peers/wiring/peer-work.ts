/** A peer's tasks carried out: FedPIT's round with the engine, averaging and pulls over the network, evaluation. */
import type { Topology } from '../../src/averaging/schedule.ts'
import type { Adapter, GlobalAdapter, LocalAdapter } from '../../src/lora/adapter.ts'
import type { Outcome, Task } from '../behaviour/effects.ts'
import type { PeerEventBody } from '../events.ts'
import type { Network, Store } from '../kernel/ports.ts'
import type { GatherRule } from './averaging/gather.ts'
import type { GlobalCodec, GlobalState } from './global-state.ts'
import type { PeerWork } from './peer-actor.ts'
import { type SavedState, saveGlobal, saveLocal, saveProgress } from './saved-state.ts'
import type { TopologyOfRound } from './topology.ts'

/** What the tasks are made of; `create-peer.ts` fills it in. */
export interface WorkParts {
  readonly saved: SavedState
  readonly codec: GlobalCodec
  readonly store: Store
  readonly network: Network
  readonly publish: (event: PeerEventBody) => void
  readonly topology: TopologyOfRound
  /** FedPIT's round from `global` (`src/fedpit`). `onGenerated` when the synthetic examples are there. */
  readonly train: (round: TrainingRound, onGenerated: () => void, signal: AbortSignal) => Promise<Trained>
  /** For the owner to serve and to look at. */
  readonly keep: (name: 'global' | 'local', adapter: Adapter) => Promise<void>
  readonly average: (session: AveragingRound, signal: AbortSignal) => Promise<Averaged>
  /** Undefined where nothing was held out. */
  readonly evaluate: (adapter: Adapter | undefined, signal: AbortSignal) => Promise<HeldOutFigures | undefined>
}

/** On the held-out examples: nats a response token, and the F-measure of greedy responses. */
export interface HeldOutFigures {
  readonly loss: number
  readonly rougeL: number
}

export interface TrainingRound {
  readonly round: number
  readonly global: GlobalAdapter
}

export interface Trained {
  readonly global: GlobalAdapter
  readonly local: LocalAdapter
  /** Synthetic examples that `global` was trained on; none: it has nothing to contribute. */
  readonly synthetic: number
}

export interface AveragingRound {
  readonly round: number
  /** Digest of the adapter that the round started from. */
  readonly base: string
  /** What is mixed of it. */
  readonly from: Float32Array
  /** What is mixed of the adapter that was trained. */
  readonly update: Float32Array
  /** Has it anything to contribute? */
  readonly contributes: boolean
  readonly topology: Topology
  /** Of the adapter that follows from what was mixed. */
  readonly digestOf: (mixed: Float32Array) => string
  readonly rule: GatherRule | undefined
  /** What `update` was when the round began. */
  readonly before: Float32Array
  /** Does the next round mix the same numbers? */
  readonly carries: boolean
}

export interface Averaged {
  /** What was mixed, on the grid, the same on every peer of the session. */
  readonly parameters: Float32Array
}

const adapters = ['base', 'global', 'local'] as const

export function createPeerWork(parts: WorkParts): PeerWork {
  const { codec, store, network, publish } = parts
  let global: GlobalState = parts.saved.global
  let local: LocalAdapter | undefined = parts.saved.local
  let trained: (Trained & { readonly topology: Topology }) | undefined
  let evaluatedBase = false
  network.offer(global.digest, global.bytes)

  const settle = async (next: GlobalState, round: number): Promise<void> => {
    await saveGlobal(store, next)
    await parts.keep('global', next.adapter)
    network.offer(next.digest, next.bytes)
    global = next
    const { adapter, discarded } = next
    if (discarded !== undefined) publish({ type: 'truncated', round, rank: adapter.config.rank, discarded })
  }

  const work = async (round: number, signal: AbortSignal, report: (outcome: Outcome) => void): Promise<Outcome> => {
    const topology = await parts.topology(round)
    const own = await parts.train({ round, global: global.adapter }, () => report({ type: 'generated' }), signal)
    trained = { ...own, topology }
    await saveLocal(store, trained.local)
    await parts.keep('local', trained.local)
    local = trained.local
    return { type: 'trained', contributes: trained.synthetic > 0, edition: topology.edition }
  }

  const average = async (round: number, signal: AbortSignal): Promise<Outcome> => {
    const base = global
    const session = codec.session(round)
    const update = session.take(base, trained?.global ?? base.adapter)
    const contributes = (trained?.synthetic ?? 0) > 0
    const topology = trained?.topology ?? (await parts.topology(round))
    const from = session.from(base)
    const before = session.take(base, base.adapter)
    const { rule, carries } = session
    const digestOf = (mixed: Float32Array): string => session.put(base, mixed).digest
    const input = { round, base: base.digest, from, update, contributes, topology, digestOf, rule, before, carries }
    const { parameters } = await parts.average(input, signal)
    const result = session.put(base, parameters)
    await settle(result, round)
    return { type: 'averaged', digest: result.digest }
  }

  const evaluate = async (round: number, signal: AbortSignal): Promise<Outcome> => {
    const held = { base: undefined, global: global.adapter, local }
    for (const adapter of adapters) {
      if ((adapter === 'base' && evaluatedBase) || (adapter === 'local' && local === undefined)) continue
      const figures = await parts.evaluate(held[adapter], signal)
      if (figures !== undefined) publish({ type: 'evaluated', round, adapter, ...figures })
      if (adapter === 'base') evaluatedBase = true
    }
    return { type: 'evaluated' }
  }

  const run = async (task: Task, signal: AbortSignal, report: (outcome: Outcome) => void): Promise<Outcome> => {
    switch (task.kind) {
      case 'work':
        return work(task.round, signal, report)
      case 'average':
        return average(task.round, signal)
      case 'pull': {
        const { checkpoint } = task
        const { round, digest, holders } = checkpoint
        if (digest === global.digest) return { type: 'pulled', checkpoint }
        await settle(codec.decode(await network.fetch(digest, codec.size, holders, signal)), round)
        publish({ type: 'pulled', round, digest, holders })
        return { type: 'pulled', checkpoint }
      }
      case 'evaluate':
        return evaluate(task.round, signal)
    }
  }

  return {
    run,
    save: (completed, digest) => saveProgress(store, completed, digest),
    describe: () => ({ bytes: codec.size, metrics: {} }),
  }
}
