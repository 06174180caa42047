/**
 * The ledger of a peer: what it holds of the thing that is averaged, and every exchange it has a part in.
 * `ledger-step.ts` moves it; the rules are in protocols/exchange/SPEC.md.
 */
import type { Counter, ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import type { Codec, Said } from '../../../src/averaging/codecs/codec.ts'
import type { Ratio } from '../../../src/averaging/schedule.ts'
import type { Staleness } from '../../../src/averaging/staleness.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { Entries } from './entries.ts'
import type { Begun, Closed, Committed, LedgerRecord } from './journal-record.ts'

export interface LedgerConfig {
  readonly self: PeerKey
  /** Durable count of this peer's starts: no xid is ever used twice. */
  readonly incarnation: number
  /** Name of the fixed-point grid and the codec; another one is refused. */
  readonly scale: string
  readonly codec: Codec
  /** sha256 (hex) of the integers, little endian. */
  readonly digest: (delta: Int32Array) => string
}

export interface Ledger {
  readonly config: LedgerConfig
  /** The last four sessions begun, the newest last. What was named before the first of them is forgotten. */
  readonly begun: readonly Begun[]
  /** The session under way; undefined between sessions. */
  readonly session?: string
  /** In memory only. */
  readonly terms: SessionTerms
  readonly value: Int32Array
  /** Mixing round under way, and what this peer says of its `value` at its start: all its edges work on that. */
  readonly mixing: number
  readonly said: Said
  /** From how far this peer lets itself be pulled in this round, in units; undefined: from any distance. */
  readonly reach?: number | undefined
  /** Edges of this round. */
  readonly partners: ReadonlyMap<PeerKey, Ratio>
  /** Attempts of this incarnation. */
  readonly attempts: number
  /** Open offers, as initiator; in memory only: presumed abort. */
  readonly offers: Entries<Offered>
  /** Committed as initiator: never taken back, and answered for until four sessions have begun since. */
  readonly committed: Entries<Committed>
  /** In doubt as responder: the delta is kept and not applied. */
  readonly prepared: Entries<Prepared>
  /** What became of exchanges as responder, in this session. */
  readonly closed: Entries<Closed>
  /** Offers for a session or a round that this peer has not reached. */
  readonly held: readonly Received[]
}

/** What the members of a session share beside its name, and whom of them this peer mixes with. */
export interface SessionTerms {
  /** What all began the round from, for the codec. */
  readonly base: Int32Array
  /** Is this a state that an honest member may have? */
  readonly admits: (state: Int32Array) => boolean
  /**
   * Present: there are no rounds. Whoever is in the session exchanges with whom it likes, one offer at a time, and what a
   * state holds last is its version, by which both ends weigh the exchange (EX-18).
   */
  readonly staleness?: Staleness
}

export interface Offered extends Ratio {
  readonly to: PeerKey
  readonly mixing: number
  /** What was said: the delta is computed from it, whatever round this peer is in when the counter comes. */
  readonly state: Int32Array
  readonly reach?: number | undefined
}

export interface Prepared {
  readonly from: PeerKey
  readonly delta: Int32Array
  readonly mixing: number
  /** What was countered, while it is at hand: a repeated offer gets the same answer. */
  readonly countered?: Omit<Counter, 'xid'>
}

export interface Received {
  readonly from: PeerKey
  readonly message: Extract<ExchangeMessage, { type: 'offer' }>
}

export type LedgerInput =
  | {
      readonly type: 'begin'
      readonly session: string
      readonly value: Int32Array
      /** Left out: a base of zeros, and everybody is admitted. */
      readonly terms?: SessionTerms
    }
  | {
      readonly type: 'round'
      readonly mixing: number
      readonly partners: ReadonlyMap<PeerKey, Ratio>
      readonly reach?: number | undefined
    }
  /** Goes on, after a kill, in the session that was begun last, with what the journal says; one without rounds. */
  | { readonly type: 'resume'; readonly session: string; readonly terms: SessionTerms }
  /** The peer's own work moves what it holds. */
  | { readonly type: 'update'; readonly delta: Int32Array }
  /** Try the edge to this partner, as its initiator. */
  | { readonly type: 'offer'; readonly to: PeerKey }
  /** The offer's time is up. */
  | { readonly type: 'expire'; readonly xid: string }
  /** Repeat what waits for an answer: COMMIT as initiator, STATUS as responder. */
  | { readonly type: 'remind' }
  /** The journal has grown long: write what it comes to in its place. */
  | { readonly type: 'compact' }
  | { readonly type: 'end' }
  | { readonly type: 'message'; readonly from: PeerKey; readonly message: ExchangeMessage }

export type LedgerEffect =
  /** Append, durably. */
  | { readonly type: 'append'; readonly record: LedgerRecord }
  /** Put these in the place of the whole journal, durably and at once. */
  | { readonly type: 'replace'; readonly records: readonly LedgerRecord[] }
  | { readonly type: 'send'; readonly to: PeerKey; readonly message: ExchangeMessage }
  /** An offer went out; it waits for so long as the session allows. */
  | { readonly type: 'offered'; readonly to: PeerKey; readonly xid: string }
  | {
      readonly type: 'edge'
      readonly other: PeerKey
      readonly xid: string
      readonly mixing: number
      readonly outcome: 'done' | 'failed'
      readonly reason?: string
      /** Updates between the versions of the two, where states have versions. */
      readonly staleness?: number
    }
  | Drift

/** EX-14: an exchange was given up unresolved. The sum may be off by up to `units` of the grid in a coordinate. */
export interface Drift {
  readonly type: 'drift'
  readonly other: PeerKey
  readonly xid: string
  readonly units: number
  readonly reason: string
}

export type LedgerStep = readonly [ledger: Ledger, effects: readonly LedgerEffect[]]

export const openTerms: SessionTerms = { base: new Int32Array(), admits: () => true }

export function createLedger(config: LedgerConfig): Ledger {
  return {
    config,
    begun: [],
    terms: openTerms,
    value: new Int32Array(),
    mixing: -1,
    said: { bytes: new Uint8Array(), state: new Int32Array() },
    partners: new Map(),
    attempts: 0,
    offers: Entries.of(),
    committed: Entries.of(),
    prepared: Entries.of(),
    closed: Entries.of(),
    held: [],
  }
}

export function send(to: PeerKey, message: ExchangeMessage): LedgerEffect {
  return { type: 'send', to, message }
}

/** Largest magnitude of a coordinate. */
export function unitsOf(delta: Int32Array): number {
  let most = 0
  for (let i = 0; i < delta.length; i++) most = Math.max(most, Math.abs(delta[i] as number))
  return most
}
