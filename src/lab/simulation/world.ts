/** Machines in one virtual time, and what befalls them. */
import type { PeerEvent, PeerEventBody } from '../../../peers/events.ts'
import type { MemoryDisk } from '../../../peers/wiring/memory-store.ts'
import type { Topology } from '../../averaging/schedule.ts'
import type { GlobalAdapter } from '../../lora/adapter.ts'
import { createMachine, type Machine, type MachineParts } from './machine.ts'
import type { Fault, Timed } from './timeline.ts'

export interface WorldParts extends Omit<MachineParts, 'name' | 'disk' | 'publish' | 'onGlobal' | 'onEnd'> {
  readonly disks: ReadonlyMap<string, MemoryDisk>
  readonly timeline: readonly Timed[]
  /** What stands in each file that takes the place of the topology's. */
  readonly editions: ReadonlyMap<string, Topology>
  /** Before a peer that failed is started again. */
  readonly restartMs: number
  readonly publish: (event: PeerEvent) => void
  readonly onGlobal: (peer: string, adapter: GlobalAdapter) => void
}

export interface World {
  /** Why each peer that ended for good did so. */
  readonly ends: ReadonlyMap<string, string>
  /** No peer is up, and none will come up again. */
  readonly over: Promise<void>
}

export function createWorld(parts: WorldParts): World {
  const { world, networks, disks, timeline, editions, restartMs, publish, onGlobal } = parts
  const machines = new Map<string, Machine>()
  const ends = new Map<string, string>()
  const over = Promise.withResolvers<void>()
  /** Starts that are still to come, by peer. */
  const starts = new Map<string, number>()
  const count = (peer: string, by: number): unknown => starts.set(peer, (starts.get(peer) ?? 0) + by)

  const say = (peer: string, event: PeerEventBody): void => publish({ at: world.now(), peer, name: peer, ...event })
  const tellFault = (peer: string, fault: string, detail = ''): void => say(peer, { type: 'fault', fault, detail })
  const waits = (peer: string): boolean => (machines.get(peer)?.up ?? false) || (starts.get(peer) ?? 0) > 0
  /** Looked at from the front, where nobody is waited for twice: nothing starts whoever is not up and has no start to come. */
  const awaited = new Set(disks.keys())
  const look = (): void => {
    for (const peer of awaited) {
      if (waits(peer) && !ends.has(peer)) return
      awaited.delete(peer)
    }
    over.resolve()
  }
  const start = (peer: string): void => {
    count(peer, -1)
    if (!ends.has(peer)) machines.get(peer)?.start()
    look()
  }
  const ended = (peer: string, end: { reason: string } | { error: unknown }): void => {
    if ('reason' in end) ends.set(peer, end.reason)
    else {
      tellFault(peer, 'crash', end.error instanceof Error ? end.error.message : String(end.error))
      count(peer, 1)
      world.later(restartMs, () => start(peer))
    }
    look()
  }
  const split = (groups: readonly (readonly string[])[] | undefined): void => {
    if (groups === undefined) networks.heal()
    else networks.partition(groups)
    for (const peer of disks.keys()) {
      const side = groups?.findIndex((group) => group.includes(peer)) ?? -1
      tellFault(peer, groups === undefined ? 'heal' : 'partition', side === -1 ? '' : `side ${side + 1}`)
    }
  }
  const befall = (fault: Fault): void => {
    if (fault.type === 'partition') split(fault.groups)
    else if (fault.type === 'heal') split(undefined)
    else if (fault.type === 'start') start(fault.peer)
    else change(fault, machines.get(fault.peer) as Machine)
  }
  /** What is not up is left alone, but for its files, its disk and its speed. */
  const change = (fault: Exclude<Fault, { type: 'start' | 'partition' | 'heal' }>, machine: Machine): void => {
    const { type, peer } = fault
    if (type === 'edit-topology') {
      machine.topology = editions.get(fault.file) ?? machine.topology
      tellFault(peer, type, machine.topology.name)
    } else if (type === 'disk') {
      machine.full = fault.full
      tellFault(peer, fault.full ? 'disk-full' : 'disk-free')
    } else if (type === 'pace') {
      machine.pace = fault.times
      tellFault(peer, 'pace', `${fault.times} times`)
    } else if (machine.up) {
      tellFault(peer, type, type === 'clock-jump' ? `${fault.seconds} s` : '')
      if (type === 'clock-jump') machine.jump(1000 * fault.seconds)
      else machine[type]()
      look()
    }
  }

  for (const [name, disk] of disks) {
    const own = {
      publish: (event: PeerEventBody) => say(name, event),
      onGlobal: (adapter: GlobalAdapter) => onGlobal(name, adapter),
      onEnd: (end: { reason: string } | { error: unknown }) => ended(name, end),
    }
    machines.set(name, createMachine({ ...parts, name, disk, ...own }))
  }
  for (const { at, fault } of timeline) {
    if (fault.type === 'start') count(fault.peer, 1)
    world.later(1000 * at, () => befall(fault))
  }
  return { ends, over: over.promise }
}
