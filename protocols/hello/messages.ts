/** What two peers say when they meet. */

/** The part of a hello that does not depend on where its peer listens: what two peers compare. */
export interface Terms {
  readonly version: number
  readonly federation: string
  /** Fingerprint of the base model. */
  readonly model: string
  /** Digest of the adapter's layout. */
  readonly layout: string
  /** Choices that all peers must share, by name: topology, mode, what is mixed, the seed's digest. */
  readonly capabilities: Readonly<Record<string, string>>
}

export interface Hello extends Terms {
  readonly type: 'hello'
  readonly name: string
  /** Multiaddrs that end in the sender's peer id. */
  readonly addresses: readonly string[]
  /** When the sender's process started, in Unix milliseconds: what it signed earlier is a replay. */
  readonly started: number
}

export interface Verdict {
  readonly type: 'verdict'
  /** What differs, in words; empty: accepted. */
  readonly differs: string
  /** Peers that the sender has joined with; empty in a refusal. */
  readonly members: readonly Member[]
}

export interface Member {
  readonly peer: string
  readonly addresses: readonly string[]
}

export type HelloFrame = Hello | Verdict
