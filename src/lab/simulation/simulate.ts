/**
 * A federation in virtual time. The peers are the product's; the network, the clock, the disk and the learning are not,
 * and draw all chance from one seed. Nothing in here awaits the real world, so the order of events is the seed's alone.
 */
import { createHash } from 'node:crypto'
import type { PeerEvent } from '../../../peers/events.ts'
import { createVirtualClock, type VirtualClock } from '../../../peers/kernel/virtual-clock.ts'
import type { PeerLife } from '../../../peers/peer-life.ts'
import { createPlans } from '../../../peers/wiring/averaging/plans.ts'
import { measuredGossip } from '../../../peers/wiring/memory-gossip.ts'
import { createMemoryNetworks } from '../../../peers/wiring/memory-network.ts'
import { createWireSizes } from '../../../peers/wiring/memory-sizes.ts'
import { createMemoryDisk } from '../../../peers/wiring/memory-store.ts'
import { topologySource } from '../../../peers/wiring/topology.ts'
import type { Topology } from '../../averaging/schedule.ts'
import { createRandom, type Random } from '../../core/random.ts'
import { readWholeText } from '../../files/read-whole.ts'
import { type AsynchronousFigures, watchAsynchronous } from './asynchronous.ts'
import { countExchanges, type Exchanged } from './exchanged.ts'
import { createJournals } from './journals.ts'
import type { Learners } from './learners.ts'
import type { SimulationScenario } from './scenario.ts'
import { type SessionFigures, watchSessions } from './sessions.ts'
import { createStandIns } from './stand-in.ts'
import { drawChurn, readTrace, type Timed, timelineOf } from './timeline.ts'
import { createWorld } from './world.ts'

export interface Simulation {
  /** sha256 over the event log, a JSON line an event. */
  readonly digest: string
  readonly events: number
  /** Of virtual time. */
  readonly seconds: number
  /** Peers that were still at it when the scenario's time was over. */
  readonly unfinished: readonly string[]
  /** Empty where mixing is asynchronous. */
  readonly sessions: readonly SessionFigures[]
  /** Where mixing is asynchronous. */
  readonly asynchronous?: AsynchronousFigures
  readonly exchanged: Exchanged
  /** Distance between the optimum of all peers and the point where averaged training ends (client drift), if known. */
  readonly drift?: number
}

export interface Observer {
  readonly publish: (event: PeerEvent) => void
  /** Now and then: seconds of virtual time. */
  readonly onProgress: (seconds: number) => void
}

export interface SimulationChanges {
  /** Makes each life of each peer into the one that is lived: to look into it, or to break it. */
  readonly equip?: (life: PeerLife) => PeerLife
  /** In place of what a name or a file says. */
  readonly readTopology?: (nameOrPath: string) => Promise<Topology>
  /** In place of what the file of a trace says. */
  readonly traceText?: (file: string) => Promise<string>
  /** In place of stand-ins. */
  readonly openLearners?: (clock: VirtualClock, random: Random, signal: AbortSignal) => Promise<Learners>
}

/** Letters of the event log that are hashed in one go. */
const hashedAtOnce = 65_536
/** Virtual time between two reports of progress. */
const progressMs = 1000

export async function simulate(
  scenario: SimulationScenario,
  { publish, onProgress }: Observer,
  signal: AbortSignal,
  changes: SimulationChanges = {},
): Promise<Simulation> {
  const { equip = (life) => life, readTopology = (at) => topologySource(at).read(), openLearners } = changes
  const topology = await readTopology(scenario.topology)
  const random = createRandom(scenario.seed)
  const names = scenario.peers.map(({ name }) => name)
  const timeline = timelineOf(
    names,
    await churnOf(scenario, names, changes.traceText ?? ((file) => readWholeText(file, traceFile))),
    scenario.script,
  )
  const clock = createVirtualClock()
  const learners = (await openLearners?.(clock, random, signal)) ?? createStandIns(scenario, random)
  const { megabytesPerSecond, ...links } = scenario.links
  const { gossipMs } = scenario
  const exchanges = countExchanges(createWireSizes(), scenario.mixing.codec, learners.codec.mixed)
  const networks = createMemoryNetworks(clock, random.derive('network'), {
    links: megabytesPerSecond === undefined ? links : { ...links, bytesPerSecond: 1e6 * megabytesPerSecond },
    gossip: gossipMs === undefined ? measuredGossip : { spreadMs: () => gossipMs },
    sizes: exchanges.sizes,
  })
  const disks = new Map(names.map((name) => [name, createMemoryDisk()]))
  const journals = createJournals()
  const sessions = watchSessions(journals, learners)
  const roundless = scenario.mixing.timing === 'asynchronous' ? watchAsynchronous(journals, learners) : undefined
  const log = createHash('sha256')
  let lines = ''
  let events = 0
  /** An observer that fails ends the run: a peer would take the error for its own. */
  const broken = Promise.withResolvers<never>()
  const watch = (look: () => void): void => {
    try {
      look()
    } catch (error) {
      broken.reject(error)
    }
  }
  const hash = (): void => {
    log.update(lines)
    lines = ''
  }
  const world = createWorld({
    world: clock,
    networks,
    learners,
    disks,
    journals,
    timeline,
    editions: await editionsOf(scenario, readTopology),
    peers: timeline.filter(({ at, fault }) => at === 0 && fault.type === 'start').length,
    plan: scenario,
    plans: createPlans(),
    topology,
    writeMs: scenario.disk.writeMs,
    equip,
    restartMs: 1000 * scenario.restartSeconds,
    publish: (event) =>
      watch(() => {
        lines += `${JSON.stringify(event)}\n`
        events += 1
        if (lines.length > hashedAtOnce) hash()
        sessions.see(event)
        roundless?.see(event)
        exchanges.see(event)
        publish(event)
      }),
    onGlobal: (peer, adapter) => watch(() => sessions.keep(peer, adapter)),
  })
  const limit = clock.sleep(1000 * scenario.limitSeconds)
  await clock.until(Promise.race([world.over, limit, tick(), aborted(signal), broken.promise]))
  signal.throwIfAborted()
  hash()
  return {
    digest: log.digest('hex'),
    events,
    seconds: clock.now() / 1000,
    unfinished: names.filter((name) => !world.ends.has(name)),
    sessions: sessions.figures(),
    ...(roundless === undefined ? {} : { asynchronous: roundless.figures() }),
    exchanged: exchanges.exchanged(),
    ...(learners.drift === undefined ? {} : { drift: learners.drift }),
  }

  async function tick(): Promise<never> {
    for (;;) {
      await clock.sleep(progressMs)
      onProgress(clock.now() / 1000)
    }
  }
}

/** What the script puts in the place of the topology's file, by its path. */
async function editionsOf(
  { script }: SimulationScenario,
  read: (file: string) => Promise<Topology>,
): Promise<Map<string, Topology>> {
  const files = script.flatMap((step) => ('file' in step ? [step.file] : []))
  return new Map(await Promise.all(files.map(async (file) => [file, await read(file)] as const)))
}

async function churnOf(
  { churn, seed }: SimulationScenario,
  peers: readonly string[],
  traceText: (file: string) => Promise<string>,
): Promise<Timed[]> {
  if (churn === undefined) return []
  if (churn.model !== 'trace') return drawChurn(churn, peers, createRandom(seed).derive('churn'))
  return readTrace(await traceText(churn.file), churn.file, peers)
}

/** Some million events. */
const traceFile = { area: 'trace', expected: 'a file with a trace', maxBytes: 64 << 20 }

const aborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve()
    else signal.addEventListener('abort', () => resolve(), { once: true })
  })
