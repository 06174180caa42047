import type { Drift } from './behaviour/averaging/ledger.ts'
import type { PeerKey } from './kernel/ports.ts'

/**
 * Everything that happens in a peer is one stream of these. The log (JSONL), the progress display, the metrics and the
 * report read this stream and nothing else. No event carries a private example, synthetic text or a local adapter.
 */
export type PeerEvent = { readonly at: number; readonly peer: PeerKey; readonly name: string } & PeerEventBody

export type Phase =
  | 'joining'
  | 'generating'
  | 'training'
  | 'averaging'
  | 'exchanging'
  | 'personalising'
  | 'evaluating'
  | 'idle'
  | 'leaving'

export type PeerEventBody =
  | { readonly type: 'phase'; readonly phase: Phase; readonly round: number }
  /** Private examples to train on, and those held out before anything else. */
  | { readonly type: 'loaded'; readonly examples: number; readonly heldOut: number }
  | { readonly type: 'listening'; readonly addresses: readonly string[] }
  | { readonly type: 'peer.joined'; readonly other: PeerKey; readonly otherName: string }
  | { readonly type: 'peer.left'; readonly other: PeerKey; readonly reason: string }
  | { readonly type: 'peer.refused'; readonly other: PeerKey; readonly differs: string }
  /** Its file was edited: from this round on the peer mixes over another graph. */
  | { readonly type: 'topology'; readonly round: number; readonly topology: string }
  | {
      readonly type: 'generated'
      readonly round: number
      readonly candidates: number
      readonly kept: number
      readonly rejected: Readonly<Record<string, number>>
    }
  | {
      readonly type: 'step'
      readonly round: number
      readonly adapter: 'global' | 'local' | 'scorer'
      readonly step: number
      readonly steps: number
      readonly loss: number
    }
  | {
      readonly type: 'edge'
      readonly round: number
      readonly session: string
      readonly mixing: number
      readonly other: PeerKey
      readonly outcome: 'done' | 'failed'
      readonly reason?: string
    }
  | Drift
  /** In place of exchanges: states of so many other members were pulled, of so many bytes in all. */
  | {
      readonly type: 'gathered'
      readonly round: number
      readonly session: string
      readonly states: number
      readonly bytes: number
    }
  | {
      readonly type: 'averaged'
      readonly round: number
      readonly session: string
      readonly peers: number
      readonly digest: string
      /** Largest distance, in fixed-point units, between this peer's mean and the bytes all settled on. */
      readonly snapUnits: number
    }
  /** An adapter was cut to a rank. `discarded`: what it lost, as a share of the whole (`src/lora/ranks.ts`). */
  | { readonly type: 'truncated'; readonly round: number; readonly rank: number; readonly discarded: number }
  | { readonly type: 'pulled'; readonly round: number; readonly digest: string; readonly holders: readonly PeerKey[] }
  | {
      readonly type: 'evaluated'
      readonly round: number
      readonly adapter: 'base' | 'global' | 'local'
      readonly loss: number
      readonly rougeL: number
    }
  /** Without rounds: one attempt at an exchange, told by who made it. `staleness`: updates between the two versions. */
  | {
      readonly type: 'exchange'
      readonly round: number
      readonly other: PeerKey
      readonly outcome: 'done' | 'failed'
      readonly reason?: string
      readonly staleness?: number
    }
  /**
   * Without rounds: what the peer goes on with after its update of this number and its exchange. `version`: by how many
   * updates a peer it has come so far. `sketch`: to compare it with what the others hold.
   */
  | {
      readonly type: 'held'
      readonly round: number
      readonly version: number
      readonly digest: string
      readonly sketch: readonly number[]
    }
  | { readonly type: 'engine.restarted'; readonly reason: string; readonly attempt: number }
  /** A simulation did this to the peer; no other peer is told. */
  | { readonly type: 'fault'; readonly fault: string; readonly detail: string }
  | { readonly type: 'traffic'; readonly sent: number; readonly received: number }
  | { readonly type: 'warning'; readonly code: string; readonly message: string }
  | { readonly type: 'stopped'; readonly reason: string }
