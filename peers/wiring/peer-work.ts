/** A peer's tasks carried out: FedPIT's round with the engine, averaging and pulls over the network, evaluation. */
import type { Topology } from '../../src/averaging/schedule.ts'
import { FedpitError } from '../../src/core/errors.ts'
import type { GlobalAdapter } from '../../src/lora/adapter.ts'
import type { Outcome, Task } from '../behaviour/effects.ts'
import type { GatherRule } from './averaging/gather.ts'
import type { GlobalCodec } from './global-state.ts'
import { createOwnAdapters, type OwnAdaptersParts, type TrainingRound } from './own-adapters.ts'
import type { PeerWork } from './peer-actor.ts'
import { saveProgress } from './saved-state.ts'
import type { TopologyOfRound } from './topology.ts'

/** What the tasks are made of; `create-peer.ts` fills it in. */
export interface WorkParts extends OwnAdaptersParts {
  readonly codec: GlobalCodec
  readonly topology: TopologyOfRound
  /** FedPIT's round from `global`, up to the exchange (`src/fedpit`). `onGenerated` when the synthetic examples are there. */
  readonly train: (round: TrainingRound, onGenerated: () => void, signal: AbortSignal) => Promise<Trained>
  readonly average: (session: AveragingRound, signal: AbortSignal) => Promise<Averaged>
}

export interface Trained {
  readonly global: GlobalAdapter
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

export function createPeerWork(parts: WorkParts): PeerWork {
  const { codec, store, network, publish } = parts
  const own = createOwnAdapters(parts)
  let trained: (Trained & { readonly topology: Topology }) | undefined

  const work = async (round: number, signal: AbortSignal, report: (outcome: Outcome) => void): Promise<Outcome> => {
    const topology = await parts.topology(round)
    const global = own.global.adapter
    trained = { ...(await parts.train({ round, global }, () => report({ type: 'generated' }), signal)), topology }
    return { type: 'trained', contributes: trained.synthetic > 0, edition: topology.edition }
  }

  const average = async (round: number, signal: AbortSignal): Promise<Outcome> => {
    const base = own.global
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
    await own.settle(result, round, signal)
    return { type: 'averaged', digest: result.digest }
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
        if (digest === own.global.digest) return { type: 'pulled', checkpoint }
        await own.settle(codec.decode(await network.fetch(digest, codec.size, holders, signal)), round, signal)
        publish({ type: 'pulled', round, digest, holders })
        return { type: 'pulled', checkpoint }
      }
      case 'personalise':
        await own.personalise(task.round, signal)
        return { type: 'personalised' }
      case 'evaluate':
        await own.evaluate(task.round, signal)
        return { type: 'evaluated' }
      case 'exchange':
      case 'conclude':
      case 'hold':
        throw notOfThisMode(task.kind)
    }
  }

  return {
    run,
    save: (completed, digest) => saveProgress(store, completed, digest),
    describe: () => ({ bytes: codec.size, metrics: {} }),
  }
}

/** The two charts of a peer's life have different tasks. */
export function notOfThisMode(task: Task['kind']): FedpitError {
  const text = `Cannot carry out a task: expected one of this way of mixing, got ${task}`
  return new FedpitError(text, { family: 'bug', code: 'task.other-mode' })
}
