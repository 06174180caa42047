/** Peers that only average, in virtual time: the drivers of the product over networks and stores in memory. */
import { recoverLedger } from '../../peers/behaviour/averaging/journal.ts'
import { decodeLedgerRecord } from '../../peers/behaviour/averaging/journal-record.ts'
import type { PeerEventBody } from '../../peers/events.ts'
import type { Network } from '../../peers/kernel/ports.ts'
import { createVirtualClock } from '../../peers/kernel/virtual-clock.ts'
import type { GatherRule } from '../../peers/wiring/averaging/gather.ts'
import { createPlans } from '../../peers/wiring/averaging/plans.ts'
import { type Averaged, openAveraging } from '../../peers/wiring/averaging.ts'
import { createEar } from '../../peers/wiring/hearing.ts'
import type { LinkOptions } from '../../peers/wiring/memory-links.ts'
import { createMemoryNetworks } from '../../peers/wiring/memory-network.ts'
import { createMemoryDisk, type MemoryDisk, openMemoryStore } from '../../peers/wiring/memory-store.ts'
import type { SessionStage } from '../../protocols/wire/announcements.ts'
import type { Codec } from '../../src/averaging/codecs/codec.ts'
import { fixed } from '../../src/averaging/codecs/fixed.ts'
import { sha256 } from '../../src/averaging/digest.ts'
import { resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import type { RobustName } from '../../src/averaging/robust/by-name.ts'
import { topologyByName } from '../../src/averaging/topologies/by-name.ts'
import { shares } from '../../src/averaging/weighted.ts'
import { createRandom } from '../../src/core/random.ts'

const commonStart = 'a'.repeat(64)
export const deadlineMs = 20_000

export interface AveragingWorldOptions {
  readonly seed: string
  readonly peers: number
  readonly links?: LinkOptions
  readonly topology?: string
  readonly codec?: Codec
  readonly robust?: RobustName
  readonly parameters?: number
  readonly examples?: readonly number[]
  /** May `to` hear that `of` is ready? */
  readonly hears?: (to: string, of: string) => boolean
  /** What each began the round from; the same unless given. */
  readonly starts?: readonly string[]
  /** In place of exchanges. */
  readonly rule?: GatherRule
}

const digestOf = (mixed: Float32Array): string => sha256(toGrid(mixed, resultGrid))

export function createAveragingWorld(options: AveragingWorldOptions) {
  const { seed, peers, topology = 'base-4', codec = fixed, robust = 'none', parameters: count = 50 } = options
  const random = createRandom(seed)
  const clock = createVirtualClock()
  const { links } = options
  const networks = createMemoryNetworks(clock, random.derive('links'), links === undefined ? {} : { links })
  const examples = options.examples ?? Array.from({ length: peers }, () => 5 + random.below(45))
  const keys = Array.from({ length: peers }, (_, i) => `peer${String(i).padStart(2, '0')}`)
  const parameters = keys.map(() => Float32Array.from({ length: count }, () => random.normal() * 0.3))
  const disks = new Map<string, MemoryDisk>(keys.map((key) => [key, createMemoryDisk()]))
  const deaths = new Map<string, AbortController>()
  const events: { key: string; at: number; event: PeerEventBody }[] = []
  const watchers: ((key: string, event: PeerEventBody) => void)[] = []
  const heard: ((key: string, stage: SessionStage) => void)[] = []

  const kill = (key: string): void => {
    networks.kill(key)
    deaths.get(key)?.abort(new Error('killed'))
  }
  /** Sees what a peer says before anybody else does. */
  const observed = (network: Network): Network => ({
    ...network,
    subscribe: (listener) =>
      network.subscribe((event) => {
        const presence = event.type === 'announced' && event.announcement.type === 'presence'
        if (!presence || options.hears?.(network.self, event.author) !== false) listener(event)
      }),
    announce: (announcement) => {
      const saying = network.announce(announcement)
      if (announcement.type === 'session') for (const listener of heard) listener(network.self, announcement.stage)
      return saying
    },
  })
  /** Comes up, says that it is ready, averages, and stays to answer. Rejects when killed. */
  const live = async (i: number, afterMs = 0): Promise<Averaged> => {
    const key = keys[i] as string
    const death = new AbortController()
    deaths.set(key, death)
    const inMemory = networks.create(key, key)
    const network = observed(inMemory)
    // Where it does not hear everything, it must have an ear of its own.
    const ear = createEar(clock, Number.POSITIVE_INFINITY)
    if (options.hears !== undefined) network.subscribe(ear.hear)
    const hearing = options.hears === undefined ? inMemory.hearing : ear
    const store = openMemoryStore(disks.get(key) as MemoryDisk, {
      killed: death.signal,
      later: (land) => clock.later(3, land),
    })
    const emit = (event: PeerEventBody): void => {
      events.push({ key, at: clock.now(), event })
      for (const watcher of watchers) watcher(key, event)
    }
    const averaging = await openAveraging({ network, hearing, plans: createPlans(), store, clock, codec, robust, emit })
    death.signal.addEventListener('abort', () => void averaging.close())
    await network.start()
    const startDigest = options.starts?.[i] ?? commonStart
    const beat = async (): Promise<void> => {
      const presence = { type: 'presence', name: key, round: 1, phase: 'averaging', digest: startDigest } as const
      for (; !death.signal.aborted; await clock.sleep(1000, death.signal)) {
        await network.announce({ ...presence, examples: examples[i] as number, ready: true })
      }
    }
    void beat().catch(() => {})
    await clock.sleep(200 + afterMs, death.signal)
    const base = new Float32Array(count)
    const input = {
      round: 1,
      startDigest,
      base,
      topology: topologyByName(topology),
      deadlineMs,
      digestOf,
      rule: options.rule,
    }
    const own = { carries: true, parameters: parameters[i] as Float32Array, examples: examples[i] as number }
    return averaging.average({ ...input, ...own }, death.signal)
  }

  return {
    clock,
    networks,
    keys,
    events,
    disks,
    parameters,
    kill,
    live,
    onEvent: (watcher: (key: string, event: PeerEventBody) => void) => void watchers.push(watcher),
    onStage: (listener: (key: string, stage: SessionStage) => void) => void heard.push(listener),
    /** Runs all at once; those that were killed have no outcome. */
    async all(): Promise<(Averaged | undefined)[]> {
      const lives = keys.map((_, i) =>
        live(i).catch((error: Error) => (error.message === 'killed' ? undefined : Promise.reject(error))),
      )
      return clock.until(Promise.all(lives))
    },
    /** Integer sums over all peers' journals, as the session began and as they stand. */
    sums(): { before: number[]; after: number[] } {
      const sum = (upTo: number): number[] => {
        const states = keys.map((self) => {
          const records = (disks.get(self)?.logs.get('exchange') ?? []).slice(0, upTo).map(decodeLedgerRecord)
          return recoverLedger({ self, incarnation: 0, scale: '', codec, digest: sha256 }, records).value
        })
        return Array.from({ length: count + 1 }, (_, c) => states.reduce((all, state) => all + (state[c] ?? 0), 0))
      }
      return { before: sum(1), after: sum(Number.POSITIVE_INFINITY) }
    },
    plainMean(): Float64Array {
      const all = parameters.map((own) => [...own])
      return Float64Array.from({ length: count }, (_, c) => all.reduce((sum, own) => sum + (own[c] ?? 0), 0) / peers)
    },
    /** Computed in one place, over the peers at these positions. */
    weightedMean(among: readonly number[] = keys.map((_, i) => i)): Float64Array {
      const weights = shares(among.map((i) => examples[i] as number))
      const total = weights.reduce((sum, weight) => sum + weight, 0)
      return Float64Array.from({ length: count }, (_, c) =>
        among.reduce((sum, i, j) => sum + ((weights[j] as number) * (parameters[i]?.[c] as number)) / total, 0),
      )
    },
  }
}

/** Largest distance in units of the fixed point. */
export function unitsFrom(mean: Float64Array, parameters: Float32Array): number {
  return mean.reduce((most, value, c) => Math.max(most, Math.abs(value - (parameters[c] as number))), 0) * 2 ** 20
}
