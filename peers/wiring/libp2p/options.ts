/** What a caller says to get a network over libp2p. */
import type { Terms } from '../../../protocols/hello/messages.ts'
import type { Store } from '../../kernel/ports.ts'

/** What a peer stands for; two peers join when all but the names are equal. */
export interface LocalHello extends Omit<Terms, 'version'> {
  readonly name: string
}

export interface Libp2pNetworkOptions {
  /** Seed of the Ed25519 key, 32 bytes: the same seed, the same peer id. */
  readonly privateKey: Uint8Array
  /** Multiaddrs to listen on; `/ip4/0.0.0.0/tcp/0` takes any free port on every interface. */
  readonly listen: readonly string[]
  /** Multiaddrs that others reach it at, where they are not its own: without the peer id, told before those. */
  readonly announce?: readonly string[]
  /** Multiaddrs of peers to join through; one is enough, the rest is learnt from it. */
  readonly bootstrap: readonly string[]
  /** Keeps from run to run where this peer and the others were. */
  readonly store: Store
  readonly hello: LocalHello
  /** Numbers in the state of an exchange: its messages take 4 bytes for each. */
  readonly parameters: number
  /** Largest blob that is fetched. */
  readonly maxBlobBytes: number
  /** Ids of the only peers to speak with. */
  readonly allowlist?: readonly string[]
  /** 32 bytes that all peers share; without them no connection comes about. */
  readonly preSharedKey?: Uint8Array
  /** Set where more than ten peers share an address (one machine, one NAT): gossipsub takes them for one attacker. */
  readonly manyPeersPerAddress?: boolean
}
