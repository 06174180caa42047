/** A peer's life over its ports: what runs on a machine of its own and what runs in a simulation is this. */
import { codecByName } from '../src/averaging/codecs/by-name.ts'
import type { Adapter } from '../src/lora/adapter.ts'
import type { Deadlines } from './behaviour/lifecycle-parts.ts'
import type { PeerConfig } from './behaviour/peer-state.ts'
import type { PeerEventBody } from './events.ts'
import type { Clock, Network, Store } from './kernel/ports.ts'
import type { RestartPolicy } from './kernel/supervision.ts'
import type { FederationPlan } from './plan.ts'
import { createAsynchronousWork } from './wiring/asynchronous-work.ts'
import { openAsynchronous } from './wiring/averaging/asynchronous.ts'
import type { Plans } from './wiring/averaging/plans.ts'
import { openAveraging } from './wiring/averaging.ts'
import type { GlobalCodec } from './wiring/global-state.ts'
import type { Hearing } from './wiring/hearing.ts'
import type { Learning } from './wiring/learning.ts'
import { runPeerActor } from './wiring/peer-actor.ts'
import { createPeerWork } from './wiring/peer-work.ts'
import { loadState, type SavedState } from './wiring/saved-state.ts'
import { followTopology, type TopologySource } from './wiring/topology.ts'

export interface PeerLife {
  readonly name: string
  /** Peers to wait for before the first round, itself counted. */
  readonly peers: number
  readonly plan: Pick<FederationPlan, 'seed' | 'rounds' | 'mixing' | 'deadlines'>
  readonly topology: TopologySource
  readonly codec: GlobalCodec
  readonly network: Network
  readonly hearing: Hearing
  /** Of the sessions of late. Peers of a simulation share them: each would work out the same. */
  readonly plans: Plans
  readonly store: Store
  readonly clock: Clock
  readonly learning: Learning
  /** For the owner to serve. */
  readonly keep: (name: 'global' | 'local', adapter: Adapter) => Promise<void>
  readonly publish: (event: PeerEventBody) => void
}

/** Presence is said this often; the silence of three beats is an absence. */
const beatMs = 2_000
export const silenceMs = 3 * beatMs
/** The session ends by itself before the lifecycle gives up on it. */
const sessionShare = 0.9
/** Of the time that may go into an exchange without rounds, the share of one attempt. */
const attemptShare = 0.05
const restart: RestartPolicy = { limit: 3, windowMs: 600_000, backoffMs: 500, maxBackoffMs: 30_000 }

/** Goes on from what the store holds, until the rounds are done or `signal` says to leave. Resolves to the reason. */
export async function livePeer(life: PeerLife, signal: AbortSignal): Promise<string> {
  const { codec, learning, publish, store } = life
  publish({ type: 'loaded', examples: learning.examples, heldOut: learning.heldOut })
  const saved = await loadState(store, codec)
  return life.plan.mixing.timing === 'rounds'
    ? liveInRounds(life, saved, signal)
    : liveAsynchronously(life, saved, signal)
}

async function liveInRounds(life: PeerLife, saved: SavedState, signal: AbortSignal): Promise<string> {
  const { plan, topology, learning, publish } = life
  const { codec, robust } = plan.mixing
  const deadlines = milliseconds(plan.deadlines)
  const averaging = await openAveraging({ ...life, emit: publish, codec: codecByName(codec), robust })
  try {
    const work = createPeerWork({
      ...life,
      ...learning,
      saved,
      topology: await followTopology(topology, publish),
      average: ({ base, from, update, contributes, ...session }, stop) => {
        const examples = contributes ? learning.examples : 0
        const deadlineMs = deadlines.average * sessionShare
        const start = { ...session, startDigest: base, base: from }
        return averaging.average({ ...start, parameters: update, examples, deadlineMs }, stop)
      },
    })
    return await runPeerActor({ ...life, config: configOf(life, saved), work, beatMs, restart }, signal)
  } finally {
    await averaging.close()
  }
}

async function liveAsynchronously(life: PeerLife, saved: SavedState, signal: AbortSignal): Promise<string> {
  const { name, plan, codec, learning, publish } = life
  const { staleness } = plan.mixing
  const mixing = await openAsynchronous({
    ...life,
    staleness,
    startDigest: codec.start().digest,
    seed: `${plan.seed}/${name}`,
    attemptMs: milliseconds(plan.deadlines).average * attemptShare,
    emit: publish,
  })
  try {
    const work = createAsynchronousWork({ ...life, ...learning, saved, mixing })
    const asynchronous = { version: mixing.held()?.version, bound: staleness.bound }
    const config = { ...configOf(life, saved), asynchronous }
    return await runPeerActor({ ...life, config, work, beatMs, restart }, signal)
  } finally {
    await mixing.close()
  }
}

function configOf({ name, peers, plan, network, learning }: PeerLife, { completed, global }: SavedState): PeerConfig {
  return {
    name,
    self: network.self,
    completed,
    base: global.digest,
    rounds: plan.rounds,
    deadlines: milliseconds(plan.deadlines),
    examples: learning.examples,
    expected: peers - 1,
  }
}

function milliseconds(deadlines: Deadlines): Deadlines {
  const { join, ready, average, pull, round, leave } = deadlines
  const ms = (seconds: number): number => Math.round(seconds * 1000)
  return { join: ms(join), ready: ms(ready), average: ms(average), pull: ms(pull), round: ms(round), leave: ms(leave) }
}
