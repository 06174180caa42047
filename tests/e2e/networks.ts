/** Networks on loopback for the tests, with what they report. */

import type { Network, NetworkEvent } from '../../peers/kernel/ports.ts'
import { createLibp2pNetwork } from '../../peers/wiring/libp2p/network.ts'
import type { Libp2pNetworkOptions, LocalHello } from '../../peers/wiring/libp2p/options.ts'
import { createMemoryDisk, openMemoryStore } from '../../peers/wiring/memory-store.ts'

export interface Heard {
  readonly network: Network
  readonly events: NetworkEvent[]
  of<T extends NetworkEvent['type']>(type: T): Extract<NetworkEvent, { type: T }>[]
}

export const hello: LocalHello = {
  federation: 'north',
  model: 'model-1',
  layout: 'layout-1',
  capabilities: { mode: 'isolated', topology: 'base-4', 'mixing.factors': 'ffa' },
  name: 'peer',
}

/** Where a port has to be known before it is listened on: this process's own, below those that Linux gives to outgoing connections. */
export const givenPort = 20_000 + (process.pid % 12_000)

/** Options of a network whose key is made of `seed`. */
export function optionsOf(seed: number, changes: Partial<Libp2pNetworkOptions> = {}): Libp2pNetworkOptions {
  return {
    privateKey: new Uint8Array(32).fill(seed),
    listen: ['/ip4/127.0.0.1/tcp/0'],
    bootstrap: [],
    store: openMemoryStore(createMemoryDisk()),
    hello: { ...hello, name: `peer ${seed}` },
    parameters: 1_000_000,
    maxBlobBytes: 16 << 20,
    ...changes,
  }
}

/** A started network; `after` of the test stops it. */
export async function startNetwork(
  test: { after(stop: () => Promise<void>): void },
  options: Libp2pNetworkOptions,
): Promise<Heard> {
  const network = await createLibp2pNetwork(options)
  const events: NetworkEvent[] = []
  network.subscribe((event) => events.push(event))
  test.after(() => network.stop())
  await network.start()
  return {
    network,
    events,
    of: (type) => events.filter((event): event is Extract<NetworkEvent, { type: typeof type }> => event.type === type),
  }
}

/** The address by which others join through it. */
export function addressOf({ network }: Heard): string {
  const [address] = network.addresses()
  if (address === undefined) throw new Error('The network listens nowhere')
  return address
}
