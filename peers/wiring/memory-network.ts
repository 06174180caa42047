/**
 * The `Network` port between peers of one process, over links that a seed makes lose, double, delay and reorder. Any
 * two peers that may reach each other count as joined. Only simulations use it: the product speaks libp2p.
 */
import { BLOB_CHUNK_TIMEOUT_MS, BLOB_OPEN_TIMEOUT_MS, BLOBS_KEPT } from '../../protocols/blobs/constants.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'
import { localError } from '../../src/core/errors.ts'
import type { Random } from '../../src/core/random.ts'
import type { Clock, Network, NetworkEvent, PeerKey } from '../kernel/ports.ts'
import { sleepUntilWoken } from '../kernel/virtual-clock.ts'
import type { Hearing } from './hearing.ts'
import type { GossipModel } from './memory-gossip.ts'
import { calmLinks, createUplink, drawJourney, drawWay, type LinkOptions, type Uplink } from './memory-links.ts'
import { type MessageSizes, roughSizes } from './memory-sizes.ts'
import { createWordByLinks } from './memory-word/by-links.ts'
import { createWordByLog } from './memory-word/by-log.ts'
import type { Machine, Word } from './memory-word/word.ts'

export interface MemoryNetworkOptions {
  readonly links?: LinkOptions
  /**
   * Peers are told of each other and of what each says by a log (`memory-word/by-log.ts`). Absent: an announcement goes over
   * the link to each peer, and is lost and doubled as everything else; and each is told of each as an event.
   */
  readonly gossip?: GossipModel
  /** Bytes of a message. */
  readonly sizes?: MessageSizes
}

export interface MemoryNetworks {
  /** A peer's network; it is there once started. A killed or stopped peer may come back with a new one. */
  create(key: PeerKey, name: string, machine?: Machine): MemoryNetwork
  /** As kill -9: its messages under way are lost with it, and the others see their connections break. */
  kill(key: PeerKey): void
  /** As a pulled cable: nothing passes between the groups, and nobody is told. `heal` undoes it. */
  partition(groups: readonly (readonly PeerKey[])[]): void
  heal(): void
  /** From now on. */
  links: LinkOptions
}

export interface MemoryNetwork extends Network {
  readonly hearing: Hearing
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

  /** Whether a holder goes on within `ms`: while it is stopped it gives nothing. Rejects when aborted. */
  const answers = async ({ machine }: Node, ms: number, signal?: AbortSignal): Promise<boolean> => {
    let runs = false
    let wake = (): void => {}
    machine.whenRunning(() => {
      runs = true
      wake()
    })
    const patience = (woken: () => void): (() => void) => {
      wake = woken
      return clock.later(ms, woken)
    }
    if (!runs) await sleepUntilWoken(patience, signal)
    return runs
  }

  /** One message on its way, perhaps twice. `know` tells whether it arrived, as far as its sender can see. */
  const carry = (from: Node, to: Node, bytes: number, event: () => NetworkEvent, know: (arrived: boolean) => void) => {
    from.sent += bytes
    const { arrivals, lost, knownAfterMs } = drawJourney(networks.links, random)
    const left = leaving(from, bytes)
    const arrive = (): boolean => {
      if (!reaches(from, to)) return false
      to.received += bytes
      tell(to, event())
      return true
    }
    for (let i = 0; i < arrivals.length - 1; i++) clock.later(left + (arrivals[i] as number), arrive)
    clock.later(left + (arrivals.at(-1) ?? knownAfterMs), () => {
      const arrived = arrivals.length > 0 && arrive() && !lost
      from.machine.whenRunning(() => know(arrived))
    })
  }
  const word: Word<Node> =
    gossip === undefined
      ? createWordByLinks({ clock, others, reaches, tell, carry })
      : createWordByLog({ clock, gossip, delayMs: () => networks.links.delayMs, peers: () => nodes.size })

  function create(key: PeerKey, name: string, machine = alwaysRunning): MemoryNetwork {
    const distance = gossip === undefined ? 0 : random.next()
    const counted = { up: false, sent: 0, received: 0 }
    const uplink = createUplink()
    const node: Node = { key, name, machine, uplink, distance, listeners: new Set(), blobs: new Map(), ...counted }
    const { hearing, heard } = word.hearingOf(node)
    return {
      self: key,
      hearing,
      addresses: () => [`/memory/${key}`],
      connected: () =>
        others(node)
          .filter((other) => reaches(node, other))
          .map((other) => other.key),
      async start() {
        node.up = true
        nodes.set(key, node)
        word.arrives(node)
      },
      stop: async () => {
        if (nodes.get(key) === node) leave(key)
      },
      subscribe(listener) {
        node.listeners.add(listener)
        return () => node.listeners.delete(listener)
      },
      announce: async (announcement: Announcement) => word.says(node, announcement, sizes.announcement(announcement)),
      send: (to, message, signal) =>
        new Promise((resolve, reject) => {
          signal?.throwIfAborted()
          const target = nodes.get(to)
          if (target === undefined || !reaches(node, target)) throw unreachable(to)
          const event = (): NetworkEvent => ({ type: 'exchange', from: key, message: copied(message) })
          const know = (arrived: boolean): void => (arrived ? resolve() : reject(unreachable(to)))
          carry(node, target, sizes.exchange(message), event, know)
        }),
      offer(digest, bytes) {
        node.blobs.delete(digest)
        node.blobs.set(digest, bytes)
        const oldest = node.blobs.keys().next()
        if (node.blobs.size > BLOBS_KEPT && !oldest.done) node.blobs.delete(oldest.value)
      },
      async fetch(digest, bytes, holders, signal) {
        const own = node.blobs.get(digest)
        if (own !== undefined) return own
        for (const holder of holders) {
          signal?.throwIfAborted()
          const other = nodes.get(holder)
          await clock.sleep(drawWay(networks.links, random), signal)
          const found = other?.blobs.get(digest)
          if (other === undefined || !reaches(node, other) || found?.length !== bytes) continue
          if (random.next() < networks.links.loss) continue
          if (!(await answers(other, BLOB_OPEN_TIMEOUT_MS, signal))) continue
          await clock.sleep(leaving(other, bytes), signal)
          if (!reaches(node, other) || !(await answers(other, BLOB_CHUNK_TIMEOUT_MS, signal))) continue
          await running(node)
          signal?.throwIfAborted()
          if (!reaches(node, other)) continue
          other.sent += bytes
          node.received += bytes
          return found.slice()
        }
        await running(node)
        throw localError('blobs.unavailable', `Cannot fetch blob ${digest}: none of ${holders.length} holders gave it`)
      },
      traffic: () => ({ sent: node.sent, received: node.received + heard() }),
    }
  }

  function leave(key: PeerKey): void {
    const node = nodes.get(key)
    if (node === undefined) return
    node.up = false
    nodes.delete(key)
    word.leaves(node)
  }

  function partition(groups: readonly (readonly PeerKey[])[]): void {
    const now = new Map(groups.flatMap((group, side) => group.map((key) => [key, side + 1] as const)))
    sides = now
    word.parts([...nodes.values()], (peer) => now.get(peer) ?? 0)
  }

  function heal(): void {
    partition([])
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
