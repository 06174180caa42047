/** The `Network` port over libp2p. */
import { peerIdFromString } from '@libp2p/peer-id'
import { multiaddr } from '@multiformats/multiaddr'
import { isPeerAddress } from '../../../protocols/hello/codec.ts'
import { ADDRESSES, HELLO_TIMEOUT_MS, PROTOCOL_VERSION } from '../../../protocols/hello/constants.ts'
import type { Hello } from '../../../protocols/hello/messages.ts'
import { reasonOf, within } from '../../../protocols/wire/frames.ts'
import { inputError, localError } from '../../../src/core/errors.ts'
import type { Network, PeerKey } from '../../kernel/ports.ts'
import { type AddressBook, openAddressBook } from './address-book.ts'
import { Blobs } from './blobs.ts'
import { ConnectionWatch } from './connection-watch.ts'
import { Dialer } from './dialer.ts'
import { NetworkEvents } from './events.ts'
import { Exchanges } from './exchanges.ts'
import { Gossip } from './gossip.ts'
import { Greeting } from './greeting.ts'
import { portOf, withPorts } from './listening.ts'
import { Members } from './members.ts'
import { createNode, type Node } from './node.ts'
import type { Libp2pNetworkOptions } from './options.ts'

/** How often one member, in turn, is asked whom it has met since. */
const REFRESH_MS = 10_000

/**
 * Makes a peer's network; nothing happens before `start`. Throws an input error for a key of the wrong length or an
 * address that cannot be read. A stopped network stays stopped: make a new one.
 */
export async function createLibp2pNetwork(options: Libp2pNetworkOptions): Promise<Network> {
  const { announce = [] } = options
  for (const address of [...options.listen, ...announce, ...options.bootstrap]) checkAddress(address)
  const addressBook = await openAddressBook(options.store)
  const watch = new ConnectionWatch()
  const node = await createNode({ ...options, listen: await withPorts(options.listen, addressBook.ports) }, watch)
  const self = node.peerId.toString()
  const stop = new AbortController()

  const { subscribe, emit } = new NetworkEvents()
  const members = new Members(options.allowlist ?? [], (event) => {
    if (stop.signal.aborted) return
    if (event.type === 'joined') addressBook.keepMember(event.peer, event.addresses)
    emit(event)
  })
  const dialer = new Dialer({
    isMember: (peer) => members.has(peer),
    connect: (addresses, signal) => greeting.connect(addresses, signal),
  })
  const isWanted = (peer: PeerKey): boolean => peer !== self && (options.allowlist?.includes(peer) ?? true)
  const learn = (peer: PeerKey, addresses: readonly string[]): void => {
    if (isWanted(peer)) dialer.learn(peer, addresses)
  }
  const greeting = new Greeting({
    node,
    members,
    hello: () => helloOf(options, addressesOf(node, announce)),
    learn,
    hear: (peer, addresses) => {
      if (isWanted(peer)) dialer.hear(peer, addresses)
    },
  })
  const gossip = new Gossip(node, options.hello.federation, members, (author, announcement) =>
    emit({ type: 'announced', author, announcement }),
  )
  const blobs = new Blobs(node, members, options.maxBlobBytes)
  const exchanges = new Exchanges(node, members, options.parameters, (from, message) =>
    emit({ type: 'exchange', from, message }),
  )
  const forNow = (signal?: AbortSignal) => (signal === undefined ? stop.signal : AbortSignal.any([stop.signal, signal]))

  return {
    self,
    addresses: () => addressesOf(node, announce),
    connected: () => members.keys(),
    subscribe,
    start: async (signal) => {
      signal?.throwIfAborted()
      node.addEventListener('peer:disconnect', ({ detail }) =>
        members.leave(detail.toString(), 'its connection closed'),
      )
      try {
        await node.start()
      } catch (error) {
        const message = `Cannot listen on ${options.listen.join(', ')}: ${reasonOf(error)}`
        throw localError('network.listen', message, {}, error)
      }
      keepPorts(options.listen, node, addressBook)
      watch.start()
      gossip.start()
      await Promise.all([greeting.start(stop.signal), blobs.start(stop.signal), exchanges.start(stop.signal)])
      for (const address of options.bootstrap) if (!address.endsWith(`/p2p/${self}`)) dialer.give(address)
      for (const [peer, addresses] of addressBook.members) learn(peer, addresses)
      dialer.start()
      refreshMembers(node, members, greeting, stop.signal)
    },
    stop: async () => {
      if (stop.signal.aborted) return
      stop.abort()
      dialer.stop()
      gossip.stop()
      watch.stop()
      await node.stop()
      members.clear()
      await addressBook.settled()
    },
    announce: (announcement) => gossip.announce(announcement),
    send: (to, message, signal) => exchanges.send(to, message, forNow(signal)),
    offer: (digest, bytes) => blobs.offer(digest, bytes),
    fetch: (digest, bytes, holders, signal) => blobs.fetch(digest, bytes, holders, forNow(signal)),
    traffic: () => ({ ...watch.traffic }),
  }
}

/** Two peers that joined through different ones at the same moment find each other here. */
function refreshMembers(node: Node, members: Members, greeting: Greeting, stop: AbortSignal): void {
  let turn = 0
  const refresh = async (): Promise<void> => {
    const peers = members.keys()
    const peer: PeerKey | undefined = peers[turn++ % Math.max(peers.length, 1)]
    const connection = peer && node.getConnections(peerIdFromString(peer)).at(-1)
    // A failure needs no answer: the member stays one while its connection stays open, and its turn comes again.
    if (connection) await greeting.greet(connection, within(HELLO_TIMEOUT_MS, stop)).catch(() => undefined)
  }
  const timer = setInterval(refresh, REFRESH_MS)
  stop.addEventListener('abort', () => clearInterval(timer), { once: true })
}

function helloOf({ hello }: Libp2pNetworkOptions, addresses: readonly string[]): Hello {
  const { federation, model, layout, capabilities, name } = hello
  const terms = { version: PROTOCOL_VERSION, federation, model, layout, capabilities }
  const started = Math.floor(performance.timeOrigin)
  return { type: 'hello', ...terms, name, addresses: addresses.slice(0, ADDRESSES), started }
}

/** What another machine can dial: what is announced, then its own; loopback only where there is nothing else, link-local never. */
function addressesOf(node: Node, announce: readonly string[]): string[] {
  const announced = announce.map((address) => `${address}/p2p/${node.peerId}`)
  const dialable = node
    .getMultiaddrs()
    .map(String)
    .filter((address) => isPeerAddress(address) && !address.startsWith('/ip6/fe80'))
  const elsewhere = dialable.filter((address) => !/^\/(ip4\/127\.|ip6\/::1\/)/.test(address))
  return [...announced, ...(elsewhere.length > 0 || announced.length > 0 ? elsewhere : dialable)]
}

function keepPorts(listen: readonly string[], node: Node, addressBook: AddressBook): void {
  const listening = node.getMultiaddrs().map(String)
  for (const address of listen) {
    const port = portOf(address, listening)
    if (port !== undefined) addressBook.keepPort(address, port)
  }
}

function checkAddress(address: string): void {
  try {
    multiaddr(address)
  } catch (error) {
    const expected = 'a multiaddr such as /ip4/192.0.2.1/tcp/4001'
    throw inputError('network.address', `Cannot use address "${address}": expected ${expected} (${reasonOf(error)})`)
  }
}
