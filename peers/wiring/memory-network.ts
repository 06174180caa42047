/**
 * The `Network` port between peers of one process, over links that a seed makes lose, double, delay and reorder. Any
 * two peers that may reach each other count as joined. Only simulations use it: the product speaks libp2p.
 */
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { localError } from '../../src/core/errors.ts'
import type { Random } from '../../src/core/random.ts'
import type { Clock, Network, NetworkEvent, PeerKey } from '../kernel/ports.ts'

export interface LinkOptions {
  /** Milliseconds on the way: at least this, plus a random part. Unequal delays reorder. */
  readonly delayMs: number
  readonly jitterMs: number
  /** Shares of messages; half of the lost ones arrive, and only their sender believes them lost. */
  readonly loss: number
  readonly duplication: number
}

export const calmLinks: LinkOptions = { delayMs: 5, jitterMs: 5, loss: 0, duplication: 0 }

export interface MemoryNetworks {
  /** A peer's network; it is there once started. A killed or stopped peer may come back with a new one. */
  create(key: PeerKey, name: string): Network
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
  readonly listeners: Set<(event: NetworkEvent) => void>
  readonly blobs: Map<string, Uint8Array>
  up: boolean
  sent: number
  received: number
}

/** As many blobs as the real network keeps. */
const blobsKept = 4

export function createMemoryNetworks(clock: Clock, random: Random, links: LinkOptions = calmLinks): MemoryNetworks {
  const nodes = new Map<PeerKey, Node>()
  let sides = new Map<PeerKey, number>()
  const networks: MemoryNetworks = { create, kill: leave, partition, heal, links }

  const reaches = (a: Node, b: Node): boolean => a.up && b.up && sides.get(a.key) === sides.get(b.key)
  const delay = (): Promise<void> => clock.sleep(networks.links.delayMs + random.next() * networks.links.jitterMs)
  const tell = (node: Node, event: NetworkEvent): void => {
    if (node.up) for (const listener of node.listeners) listener(event)
  }
  const others = (node: Node): Node[] => [...nodes.values()].filter((other) => other !== node && other.up)

  /** One message on its way, perhaps twice. False: it did not arrive, or looks as if. */
  const carry = async (from: Node, to: Node, bytes: number, event: () => NetworkEvent): Promise<boolean> => {
    from.sent += bytes
    const lost = random.next() < networks.links.loss
    const arrives = !lost || random.next() < 0.5
    const twice = random.next() < networks.links.duplication
    const arrive = async (): Promise<boolean> => {
      await delay()
      if (!reaches(from, to)) return false
      to.received += bytes
      tell(to, event())
      return true
    }
    if (twice && arrives) void arrive()
    const arrived = arrives ? await arrive() : await delay().then(() => false)
    return arrived && !lost
  }

  function create(key: PeerKey, name: string): Network {
    const node: Node = { key, name, listeners: new Set(), blobs: new Map(), up: false, sent: 0, received: 0 }
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
        const event = (): NetworkEvent => ({ type: 'announced', author: key, announcement })
        for (const other of reached) void carry(node, other, 256, event)
        return reached.length
      },
      async send(to, message, signal) {
        signal?.throwIfAborted()
        const target = nodes.get(to)
        if (target === undefined || !reaches(node, target)) throw unreachable(to)
        const event = (): NetworkEvent => ({ type: 'exchange', from: key, message: copied(message) })
        if (!(await carry(node, target, sizeOf(message), event))) throw unreachable(to)
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
          await delay()
          const found = other?.blobs.get(digest)
          if (other === undefined || !reaches(node, other) || found?.length !== bytes) continue
          if (random.next() < networks.links.loss) continue
          other.sent += bytes
          node.received += bytes
          return found.slice()
        }
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

/** The receiver gets its own numbers, as over a wire. */
function copied(message: ExchangeMessage): ExchangeMessage {
  return 'state' in message ? { ...message, state: message.state.slice() } : message
}

const sizeOf = (message: ExchangeMessage): number => 128 + ('state' in message ? message.state.byteLength : 0)
