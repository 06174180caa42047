/** A simulated machine: a disk that outlives its peer, and one life of the peer at a time. */
import type { PeerEventBody } from '../../../peers/events.ts'
import { createLocalClock, type LocalClock } from '../../../peers/kernel/local-clock.ts'
import type { VirtualClock } from '../../../peers/kernel/virtual-clock.ts'
import { livePeer, type PeerLife } from '../../../peers/peer-life.ts'
import type { MemoryNetworks } from '../../../peers/wiring/memory-network.ts'
import { type MemoryDisk, openMemoryStore } from '../../../peers/wiring/memory-store.ts'
import type { Topology } from '../../averaging/schedule.ts'
import { asGlobal, type GlobalAdapter } from '../../lora/adapter.ts'
import type { Journals } from './journals.ts'
import type { Learners } from './learners.ts'

export interface MachineParts extends Pick<PeerLife, 'name' | 'peers' | 'plan' | 'plans'> {
  /** What its topology is at the beginning. */
  readonly topology: Topology
  readonly world: VirtualClock
  readonly networks: MemoryNetworks
  readonly learners: Learners
  /** Outlives the peer. */
  readonly disk: MemoryDisk
  readonly journals: Journals
  readonly writeMs: number
  /** Each life of each peer as it is to be lived. */
  readonly equip: (life: PeerLife) => PeerLife
  readonly publish: (event: PeerEventBody) => void
  /** The peer holds another global adapter. */
  readonly onGlobal: (adapter: GlobalAdapter) => void
  /** The peer ended by itself: with a reason, or by a failure. */
  readonly onEnd: (end: { readonly reason: string } | { readonly error: unknown }) => void
}

export interface Machine {
  readonly up: boolean
  start(): void
  kill(): void
  /** Asks the peer to leave in order. */
  leave(): void
  pause(): void
  resume(): void
  jump(ms: number): void
  full: boolean
  /** As its file has it now. */
  topology: Topology
  /** How many times longer than usual its work takes. */
  pace: number
}

export function createMachine(parts: MachineParts): Machine {
  const { name, world, networks, learners, disk, journals, writeMs, equip, publish, onGlobal, onEnd } = parts
  const codec = learners.codecOf(name)
  let life: { readonly clock: LocalClock; readonly stop: AbortController; readonly death: AbortController } | undefined

  const machine: Machine = {
    full: false,
    topology: parts.topology,
    pace: 1,
    get up() {
      return life !== undefined
    },
    start() {
      if (life !== undefined) return
      const clock = createLocalClock(world)
      const own = { clock, stop: new AbortController(), death: new AbortController() }
      life = own
      const later = (land: () => void): unknown => clock.later(writeMs, land)
      const store = journals.follow(name, openMemoryStore(disk, { later, full: () => machine.full }))
      const killed = own.death.signal
      const learning = learners.learning(name, { clock, pace: () => machine.pace, publish, killed })
      const keep: PeerLife['keep'] = async (which, adapter) => {
        if (which === 'global') onGlobal(asGlobal(adapter))
      }
      const network = networks.create(name, name, clock)
      const end = (how: { reason: string } | { error: unknown }): void => {
        if (life !== own) return
        // What a process leaves behind when it ends is what a kill leaves.
        machine.kill()
        onEnd(how)
      }
      const topology = { term: parts.topology.name, read: async () => machine.topology }
      const ports = { codec, network, hearing: network.hearing, store, clock, learning, keep, publish, topology }
      livePeer(equip({ ...parts, ...ports }), own.stop.signal).then(
        (reason) => end({ reason }),
        (error: unknown) => end({ error }),
      )
    },
    kill() {
      life?.clock.stop()
      life?.death.abort()
      life = undefined
      networks.kill(name)
    },
    leave() {
      const asked = life
      asked?.clock.whenRunning(() => asked.stop.abort())
    },
    pause: () => life?.clock.pause(),
    resume: () => life?.clock.resume(),
    jump: (ms) => life?.clock.jump(ms),
  }
  return machine
}
