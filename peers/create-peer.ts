/** One peer, put together: its home, its network, the engine, and the actor that uses them. */
import { stateBytes } from '../src/averaging/state-bytes.ts'
import type { Engine, EngineEvent, ModelInfo } from '../src/engine/contract.ts'
import type { PeerEvent, PeerEventBody } from './events.ts'
import type { PeerKey } from './kernel/ports.ts'
import { livePeer, type PeerLife, silenceMs } from './peer-life.ts'
import type { FederationPlan } from './plan.ts'
import { termsOf } from './terms.ts'
import { createPlans } from './wiring/averaging/plans.ts'
import { claimExperiment } from './wiring/experiment.ts'
import { createEar } from './wiring/hearing.ts'
import { createLearning } from './wiring/learning.ts'
import { createLibp2pNetwork } from './wiring/libp2p/network.ts'
import { openCodec } from './wiring/open-codec.ts'
import { openPeerHome } from './wiring/peer-home.ts'
import { realClock } from './wiring/real-clock.ts'
import { topologySource } from './wiring/topology.ts'

export interface PeerSettings {
  readonly name: string
  /** Folder of its own. */
  readonly home: string
  /** File with its private examples. */
  readonly data: string
  /** Peers to wait for before the first round, itself counted. */
  readonly peers: number
  readonly listen: readonly string[]
  readonly announce: readonly string[]
  readonly join: readonly string[]
  readonly allow?: readonly PeerKey[]
  /** 32 bytes. */
  readonly preSharedKey?: Uint8Array
  /** More than ten peers on one address are a laboratory here, not an attack. */
  readonly manyPeersPerAddress: boolean
  /** Of its adapters, where it is lower than the federation's. */
  readonly rank?: number | undefined
  readonly plan: FederationPlan
}

export interface PeerSurroundings {
  readonly engine: Engine
  /** What `engine.open` said. */
  readonly model: ModelInfo
  /** Tells of restarts of the engine's process. */
  readonly watchEngine: (listener: (event: EngineEvent) => void) => () => void
  readonly publish: (event: PeerEvent) => void
}

/** Runs a peer until it has done its rounds, or leaves because `signal` says so. Resolves to the reason. */
export async function runPeer(
  settings: PeerSettings,
  { engine, model, watchEngine, publish }: PeerSurroundings,
  signal: AbortSignal,
): Promise<string> {
  const { name, plan } = settings
  const topology = topologySource(plan.topology)
  // What cannot be used is better told of before anything is made.
  await topology.read()
  const home = await openPeerHome(settings.home)
  const closing: (() => Promise<void> | void)[] = [() => home.close()]
  try {
    const codec = openCodec(plan, model.config, settings.rank)
    const { federation, seed, mixing } = plan
    const { factors, outer, timing } = mixing
    const adapter = { model: model.fingerprint, layout: codec.layout.digest, factors, outer, timing }
    await claimExperiment(home.store, settings.home, { federation, seed, ...adapter })
    const network = await createLibp2pNetwork({
      privateKey: home.key,
      listen: settings.listen,
      announce: settings.announce,
      bootstrap: settings.join,
      store: home.store,
      hello: {
        federation: plan.federation,
        model: model.fingerprint,
        layout: codec.layout.digest,
        capabilities: termsOf(plan, topology.term),
        name,
      },
      // A mixture is the parameters and their weight.
      parameters: codec.mixed + 1,
      maxBlobBytes: Math.max(codec.size, stateBytes(codec.mixed)),
      ...(settings.allow === undefined ? {} : { allowlist: settings.allow }),
      ...(settings.preSharedKey === undefined ? {} : { preSharedKey: settings.preSharedKey }),
      manyPeersPerAddress: settings.manyPeersPerAddress,
    })
    const ear = createEar(realClock, silenceMs)
    network.subscribe(ear.hear)
    const say = (event: PeerEventBody): void => publish({ at: realClock.now(), peer: network.self, name, ...event })
    closing.push(
      watchEngine((event) => {
        if (event.type === 'engine.restarted') say(event)
      }),
    )
    const learning = await createLearning({ name, data: settings.data, plan, engine, model, home, publish: say })
    const keep: PeerLife['keep'] = (name, adapter) => home.keepAdapter(name, adapter, model.config, model.name)
    const heard = { hearing: ear, plans: createPlans() }
    const ports = { network, ...heard, store: home.store, clock: realClock, learning, keep, publish: say }
    return await livePeer({ name, peers: settings.peers, plan, topology, codec, ...ports }, signal)
  } finally {
    for (const close of closing.reverse()) await close()
  }
}
