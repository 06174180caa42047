/** How peers of one process hear of each other and what each says to all. There are two ways: `by-links`, `by-log`. */
import type { Announcement } from '../../../protocols/wire/announcements.ts'
import type { NetworkEvent, PeerKey } from '../../kernel/ports.ts'
import type { Hearing } from '../hearing.ts'

/** What a peer runs on: things reach it from outside when it runs, and never again once it was killed. */
export interface Machine {
  whenRunning(run: () => void): void
}

/** One life of a peer. */
export interface Hearer {
  readonly key: PeerKey
  readonly name: string
  readonly machine: Machine
  readonly up: boolean
  /** Of the time that an announcement takes to reach everybody, the share after which it reaches this peer. */
  readonly distance: number
  sent: number
}

export interface Word<N extends Hearer> {
  /** What a peer hears, once it has arrived; and the bytes of it, where they are not counted as they come. */
  hearingOf(node: N): { readonly hearing: Hearing; readonly heard: () => number }
  arrives(node: N): void
  leaves(node: N): void
  /** The number of peers that it is on its way to. */
  says(node: N, announcement: Announcement, bytes: number): number
  /** From now on those of these peers hear each other that are on the same side. */
  parts(nodes: readonly N[], sideOf: (peer: PeerKey) => number): void
}

export const joinedBy = ({ key, name }: Hearer): NetworkEvent => ({ type: 'joined', peer: key, name, addresses: [] })
export const leftBy = (peer: PeerKey): NetworkEvent => ({ type: 'left', peer, reason: 'its connection closed' })
