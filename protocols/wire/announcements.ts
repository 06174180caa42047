/**
 * What peers say to everyone, over gossip: small (at most 16 KiB), signed by the author. `protocols/presence` and
 * `protocols/updates` encode and limit them.
 */
export type Announcement = Presence | AdapterUpdate | SessionResult

/** "I am here": every few seconds. */
export interface Presence {
  readonly type: 'presence'
  readonly name: string
  /** Round the peer is in (from 1), and what it is doing. */
  readonly round: number
  readonly phase: string
  /** Digest of the global adapter that the peer starts the round from. */
  readonly digest: string
  /** Private examples held: its weight. */
  readonly examples: number
  /** Ready to average in this round: trained, with an update to mix. */
  readonly ready: boolean
  /** Where the topology lies in a file: names what the peer read there for this round. */
  readonly edition?: string
}

/** "My global adapter of this round": the averaged one, which a late peer pulls. */
export interface AdapterUpdate {
  readonly type: 'update'
  readonly round: number
  readonly digest: string
  readonly bytes: number
  readonly examples: number
  /** Loss and the like; names and numbers only. */
  readonly metrics: Readonly<Record<string, number>>
}

/** How far a peer has come in an averaging session, and a sketch to measure disagreement by. */
export interface SessionResult {
  readonly type: 'session'
  readonly session: string
  readonly round: number
  /**
   * `joined`: it takes part, from the state `digest`. `brought`: it brings `digest` and serves it, where the members
   * gather what all bring instead of exchanging. `mixed`: it holds `digest` after `mixed` passes, and serves it.
   * `settled`: it has made `digest` the session's result, and serves it.
   */
  readonly stage: SessionStage
  /**
   * Passes of exchanges finished: the topology's schedule is the first, every mop-up another one; once settled, its
   * choices are counted on. Of two results at one stage the higher is the later one.
   */
  readonly mixed: number
  readonly digest: string
  readonly bytes: number
  /** Random projection of the state (seeded by the session), or of the update that a peer joins with: at most 64 numbers. */
  readonly sketch: readonly number[]
}

export type SessionStage = 'joined' | 'brought' | 'mixed' | 'settled'
