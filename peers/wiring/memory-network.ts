/**
 * The `Network` port between peers of one process, over links that a seed makes lose, double, delay and reorder. Any
 * two peers that may reach each other count as joined. Only simulations use it: the product speaks libp2p.
 */
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { localError } from '../../src/core/errors.ts'
import type { Random } from '../../src/core/random.ts'
import type { Clock, Network, NetworkEvent, PeerKey } from '../kernel/ports.ts'
import type { GossipModel } from './memory-gossip.ts'
import { calmLinks, createUplink, drawJourney, drawWay, type LinkOptions, type Uplink } from './memory-links.ts'
import { type MessageSizes, roughSizes } from './memory-sizes.ts'

/** What a peer runs on: things reach it from outside when it runs, and never again once it was killed. */
export interface Machine {
  whenRunning(run: () => void): void
}

export interface MemoryNetworkOptions {
  readonly links?: LinkOptions
  /** Absent: an announcement goes over the link to each peer, and is lost and doubled as everything else. */
  readonly gossip?: GossipModel
  /** Bytes of a message. */
  readonly sizes?: MessageSizes
}

export interface MemoryNetworks {
  /** A peer's network; it is there once started. A killed or stopped peer may come back with a new one. */
  create(key: PeerKey, name: string, machine?: Machine): Network
  /** As kill -9: its messages under way are lost with it, and the others see their connections break. */
  kill(key: PeerKey): void
  /** As a pulled cable: nothing passes between the groups, and nobody is told. `heal` undoes it. */
  partition(groups: readonly (readonly PeerKey[])[]): void
  heal(): void
  /** From now on. */
  links: LinkOptions
}

interface Node {
  readonly key: PeerKey
  readonly name: string
  readonly machine: Machine
  readonly uplink: Uplink
  /** Of the time that an announcement takes to reach everybody, the share after which it reaches this peer. */
  readonly distance: number
  readonly listeners: Set<(event: NetworkEvent) => void>
  readonly blobs: Map<string, Uint8Array>
  up: boolean
  sent: number
  received: number
}

/** As many blobs as the real network keeps. */
const blobsKept = 4

const alwaysRunning: Machine = { whenRunning: (run) => run() }

export function createMemoryNetworks(clock: Clock, random: Random, options: MemoryNetworkOptions = {}): MemoryNetworks {
  const { links = calmLinks, gossip, sizes = roughSizes } = options
  const nodes = new Map<PeerKey, Node>()
  let sides = new Map<PeerKey, number>()
  const networks: MemoryNetworks = { create, kill: leave, partition, heal, links }

  const reaches = (a: Node, b: Node): boolean => a.up && b.up && sides.get(a.key) === sides.get(b.key)
  const tell = (node: Node, event: NetworkEvent): void =>
    node.machine.whenRunning(() => {
      if (node.up) for (const listener of node.listeners) listener(event)
    })
  const others = (node: Node): Node[] => [...nodes.values()].filter((other) => other !== node && other.up)
  const leaving = (node: Node, bytes: number): number =>
    node.uplink.send(bytes, clock.now(), networks.links.bytesPerSecond)

  /** One message on its way, perhaps twice. False: it did not arrive, or looks as if. */
  const carry = async (from: Node, to: Node, bytes: number, event: () => NetworkEvent): Promise<boolean> => {
    from.sent += bytes
    const journey = drawJourney(networks.links, random)
    const left = leaving(from, bytes)
    const arrive = async (way: number): Promise<boolean> => {
      await clock.sleep(left + way)
      if (!reaches(from, to)) return false
      to.received += bytes
      tell(to, event())
      return true
    }
    const copies = journey.arrivals.map(arrive)
    const arrived = copies.length > 0 ? await copies.at(-1) : await clock.sleep(left + journey.knownAfterMs)
    await running(from)
    return arrived === true && !journey.lost
  }
  /** Reaches everybody who can be reached, each after its own part of the time that the model gives. */
  const spread = async (from: Node, to: Node, bytes: number, ms: number, event: NetworkEvent): Promise<void> => {
    from.sent += bytes
    await clock.sleep(networks.links.delayMs + to.distance * ms)
    if (!reaches(from, to)) return
    to.received += bytes
    tell(to, event)
  }

  function create(key: PeerKey, name: string, machine = alwaysRunning): Network {
    const distance = gossip === undefined ? 0 : random.next()
    const counted = { up: false, sent: 0, received: 0 }
    const uplink = createUplink()
    const node: Node = { key, name, machine, uplink, distance, listeners: new Set(), blobs: new Map(), ...counted }
    return {
      self: key,
      addresses: () => [`/memory/${key}`],
      connected: () =>
        others(node)
          .filter((other) => reaches(node, other))
          .map((other) => other.key),
      async start() {
        node.up = true
        nodes.set(key, node)
        for (const other of others(node)) {
          tell(other, { type: 'joined', peer: key, name, addresses: [] })
          tell(node, { type: 'joined', peer: other.key, name: other.name, addresses: [] })
        }
      },
      stop: async () => {
        if (nodes.get(key) === node) leave(key)
      },
      subscribe(listener) {
        node.listeners.add(listener)
        return () => node.listeners.delete(listener)
      },
      async announce(announcement: Announcement) {
        const reached = others(node).filter((other) => reaches(node, other))
        const event: NetworkEvent = { type: 'announced', author: key, announcement }
        const bytes = sizes.announcement(announcement)
        const ms = gossip?.spreadMs(reached.length + 1)
        for (const other of reached) {
          if (ms === undefined) void carry(node, other, bytes, () => event)
          else void spread(node, other, bytes, ms, event)
        }
        return reached.length
      },
      async send(to, message, signal) {
        signal?.throwIfAborted()
        const target = nodes.get(to)
        if (target === undefined || !reaches(node, target)) throw unreachable(to)
        const event = (): NetworkEvent => ({ type: 'exchange', from: key, message: copied(message) })
        if (!(await carry(node, target, sizes.exchange(message), event))) throw unreachable(to)
      },
      offer(digest, bytes) {
        node.blobs.delete(digest)
        node.blobs.set(digest, bytes)
        const oldest = node.blobs.keys().next()
        if (node.blobs.size > blobsKept && !oldest.done) node.blobs.delete(oldest.value)
      },
      async fetch(digest, bytes, holders, signal) {
        const own = node.blobs.get(digest)
        if (own !== undefined) return own
        for (const holder of holders) {
          signal?.throwIfAborted()
          const other = nodes.get(holder)
          await clock.sleep(drawWay(networks.links, random))
          const found = other?.blobs.get(digest)
          if (other === undefined || !reaches(node, other) || found?.length !== bytes) continue
          if (random.next() < networks.links.loss) continue
          await clock.sleep(leaving(other, bytes))
          await running(node)
          if (!reaches(node, other)) continue
          other.sent += bytes
          node.received += bytes
          return found.slice()
        }
        await running(node)
        throw localError('blobs.unavailable', `Cannot fetch blob ${digest}: none of ${holders.length} holders gave it`)
      },
      traffic: () => ({ sent: node.sent, received: node.received }),
    }
  }

  function leave(key: PeerKey): void {
    const node = nodes.get(key)
    if (node === undefined) return
    node.up = false
    nodes.delete(key)
    for (const other of nodes.values()) tell(other, { type: 'left', peer: key, reason: 'its connection closed' })
  }

  function partition(groups: readonly (readonly PeerKey[])[]): void {
    sides = new Map(groups.flatMap((group, side) => group.map((key) => [key, side + 1] as const)))
  }

  function heal(): void {
    sides = new Map()
  }

  return networks
}

const unreachable = (peer: PeerKey) => localError('network.unreachable', `Cannot reach ${peer}: no answer`)

/** What comes of its own doing reaches a peer when it runs, as everything else. */
const running = ({ machine }: Node): Promise<void> => new Promise((resolve) => machine.whenRunning(resolve))

/** The receiver gets its own numbers, as over a wire. */
function copied(message: ExchangeMessage): ExchangeMessage {
  return 'state' in message ? { ...message, state: message.state.slice() } : message
}
