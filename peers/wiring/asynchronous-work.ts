/** A peer's tasks carried out where mixing is asynchronous: the same learning, and what it holds goes on while it works. */
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { sketch } from '../../src/averaging/sketch.ts'
import type { Outcome, Task } from '../behaviour/effects.ts'
import type { Asynchronous } from './averaging/asynchronous.ts'
import type { GlobalState } from './global-state.ts'
import { createOwnAdapters } from './own-adapters.ts'
import type { PeerWork } from './peer-actor.ts'
import { notOfThisMode, type WorkParts } from './peer-work.ts'
import { saveProgress } from './saved-state.ts'

export interface AsynchronousWorkParts extends Omit<WorkParts, 'average' | 'topology'> {
  readonly mixing: Asynchronous
}

/** At the end, of every peer: each leaves about half of the disagreement. */
const lastExchanges = 6

export function createAsynchronousWork(parts: AsynchronousWorkParts): PeerWork {
  const { saved, codec, store, network, publish, mixing } = parts
  const own = createOwnAdapters(parts)
  const { digest: seed } = codec.start()
  // What is mixed is the same in every round: the settings that say otherwise are refused where mixing is asynchronous.
  const { from, take, put } = codec.session(1)
  /** What was learnt and is not yet part of what the peer holds. */
  let learnt: { readonly before: Float32Array; readonly after: Float32Array } | undefined

  let concluded = false

  const held = async () => {
    // Rounds that were done before it mixed asynchronously count: each was one update of every peer.
    if (mixing.held() === undefined) await mixing.begin(from(saved.global), saved.completed)
    return mixing.held() as NonNullable<ReturnType<Asynchronous['held']>>
  }

  const work = async (round: number, signal: AbortSignal, report: (outcome: Outcome) => void): Promise<Outcome> => {
    learnt = undefined
    const base: GlobalState = put(own.global, (await held()).parameters)
    const trained = await parts.train({ round, global: base.adapter }, () => report({ type: 'generated' }), signal)
    const before = from(base)
    learnt = { before, after: trained.synthetic > 0 ? take(base, trained.global) : before }
    return { type: 'trained', contributes: trained.synthetic > 0 }
  }

  /** What the peer holds by now becomes its global adapter. */
  const hold = async (round: number, signal: AbortSignal): Promise<Outcome> => {
    const { parameters, version } = await held()
    const state = put(own.global, parameters)
    await own.settle(state, round, signal)
    const { digest } = state
    publish({ type: 'held', round, version, digest, sketch: sketch(toGrid(parameters, resultGrid), seed) })
    return { type: 'exchanged', digest, version }
  }

  const exchange = async (round: number, signal: AbortSignal): Promise<Outcome> => {
    await held()
    // A task that is tried again adds its update once.
    if (learnt !== undefined) await mixing.update(learnt.before, learnt.after)
    learnt = undefined
    await mixing.exchange(String(round), round, signal)
    return hold(round, signal)
  }

  const conclude = async (round: number, signal: AbortSignal): Promise<Outcome> => {
    for (let more = 0; more < lastExchanges; more++) await mixing.exchange(`the end ${more}`, round, signal)
    concluded = true
    return hold(round, signal)
  }

  const run = async (task: Task, signal: AbortSignal, report: (outcome: Outcome) => void): Promise<Outcome> => {
    switch (task.kind) {
      case 'work':
        return work(task.round, signal, report)
      case 'exchange':
        return exchange(task.round, signal)
      case 'hold':
        return hold(task.round, signal)
      case 'conclude':
        return conclude(task.round, signal)
      case 'pull': {
        const { checkpoint } = task
        const { round, digest, holders } = checkpoint
        const state = codec.decode(await network.fetch(digest, codec.size, holders, signal))
        await mixing.begin(from(state), round)
        await own.settle(state, round, signal)
        publish({ type: 'pulled', round, digest, holders })
        return { type: 'pulled', checkpoint }
      }
      case 'personalise':
        await own.personalise(task.round, signal)
        return { type: 'personalised' }
      case 'evaluate':
        await own.evaluate(task.round, signal)
        // Only now: others may still have asked for an exchange meanwhile.
        if (concluded) await mixing.finish(signal)
        return { type: 'evaluated' }
      case 'average':
        throw notOfThisMode(task.kind)
    }
  }

  return {
    run,
    save: (completed, digest) => saveProgress(store, completed, digest),
    describe: () => ({ bytes: codec.size, metrics: {} }),
  }
}
