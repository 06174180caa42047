import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Announcement } from '../../protocols/wire/announcements.ts'

/**
 * What a peer needs from the world. Real ones stand in `peers/wiring`; simulated ones serve the tests and the
 * laboratory. One contract suite runs against both. (The engine's port is `src/engine/contract.ts`.)
 */

/** A libp2p peer id in its text form. */
export type PeerKey = string

export interface Clock {
  /** Milliseconds since some fixed moment; never goes back. */
  now(): number
  /** Resolves after `ms`; rejects when aborted. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Runs this after `ms`; returns what takes it back. */
  later(ms: number, run: () => void): () => void
}

/** What a peer keeps across a kill. Values are opaque bytes; a write is durable when it resolves, and atomic. */
export interface Store {
  read(key: string): Promise<Uint8Array | undefined>
  write(key: string, value: Uint8Array): Promise<void>
  remove(key: string): Promise<void>
  /** Durable when it resolves. A torn last record is cut off on reading. */
  append(log: string, record: Uint8Array): Promise<void>
  readLog(log: string): Promise<Uint8Array[]>
  /** Atomically replaces a log by these records (compaction). */
  replaceLog(log: string, records: readonly Uint8Array[]): Promise<void>
}

export type NetworkEvent =
  /** Both sides accepted each other's hello. */
  | { readonly type: 'joined'; readonly peer: PeerKey; readonly name: string; readonly addresses: readonly string[] }
  | { readonly type: 'left'; readonly peer: PeerKey; readonly reason: string }
  /** It does not fit; `differs` says in words what. */
  | { readonly type: 'refused'; readonly peer: PeerKey; readonly differs: string }
  /** Signed by `author`, who is a member. */
  | { readonly type: 'announced'; readonly author: PeerKey; readonly announcement: Announcement }
  | { readonly type: 'exchange'; readonly from: PeerKey; readonly message: ExchangeMessage }

export interface Network {
  readonly self: PeerKey
  /** Full multiaddrs that another machine can dial. */
  addresses(): readonly string[]
  /** Peers with an accepted hello. */
  connected(): readonly PeerKey[]
  start(signal?: AbortSignal): Promise<void>
  stop(): Promise<void>
  /** Events in order of arrival; returns the unsubscriber. */
  subscribe(listener: (event: NetworkEvent) => void): () => void
  /** Gossips a small signed message; resolves to the number of peers it was handed to. */
  announce(announcement: Announcement): Promise<number>
  /** One message of the exchange protocol; rejects when it surely or possibly did not arrive. */
  send(to: PeerKey, message: ExchangeMessage, signal?: AbortSignal): Promise<void>
  /** Makes bytes available to others under their digest (sha256, hex); the last few are kept. */
  offer(digest: string, bytes: Uint8Array): void
  /** Pulls a blob by digest from any of `holders`, checked. */
  fetch(digest: string, bytes: number, holders: readonly PeerKey[], signal?: AbortSignal): Promise<Uint8Array>
  traffic(): { readonly sent: number; readonly received: number }
}
