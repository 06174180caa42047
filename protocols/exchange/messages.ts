/**
 * What is said while one weighted edge is carried out exactly once. SPEC.md gives the rules.
 * A state is bytes here: which numbers they stand for is the codec's business, which all peers of a federation share.
 * `delta = round(num * (theirs - mine) / den)` from the initiator's point of view.
 */
export type ExchangeMessage = Offer | Counter | Commit | Ack | Status | Verdict | Refuse

interface Base {
  /** Names one attempt at one edge; never used twice. */
  readonly xid: string
}

/** Initiator -> responder. */
export interface Offer extends Base {
  readonly type: 'offer'
  readonly session: string
  /** Mixing round inside the session. */
  readonly round: number
  readonly num: number
  readonly den: number
  /** Which fixed-point grid the integers are on, and in which codec they travel. */
  readonly scale: string
  readonly state: Uint8Array
  /** From how far its sender lets itself be pulled, in units of the grid; absent: from any distance. */
  readonly reach?: number
}

/** Responder -> initiator, once its PREPARED record is durable. */
export interface Counter extends Base {
  readonly type: 'counter'
  readonly state: Uint8Array
  readonly reach?: number
}

/** Initiator -> responder, once its COMMITTED record is durable; repeated until acknowledged. */
export interface Commit extends Base {
  readonly type: 'commit'
  /** sha256 of the delta's bytes, hex. */
  readonly deltaDigest: string
}

export interface Ack extends Base {
  readonly type: 'ack'
}

/** Responder -> initiator: what became of this? */
export interface Status extends Base {
  readonly type: 'status'
}

/** Initiator -> responder: what became of an exchange that is not committed. What is, is answered by its COMMIT. */
export interface Verdict extends Base {
  readonly type: 'verdict'
  readonly outcome: 'pending' | 'aborted' | 'unknown'
}

/** Closes an open offer; has no effect on a committed one. */
export interface Refuse extends Base {
  readonly type: 'refuse'
  readonly reason: 'roster-mismatch' | 'stale-round' | 'scale-mismatch' | 'layout-mismatch' | 'gate' | 'busy' | 'stale'
}
