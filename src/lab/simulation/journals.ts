/**
 * What the exchange journals of all peers say, followed as they are written: what every member of a session holds, and
 * the sum. The journals themselves are compacted and replaced; this remembers the session under way.
 */
import { decodeLedgerRecord } from '../../../peers/behaviour/averaging/journal-record.ts'
import type { PeerKey, Store } from '../../../peers/kernel/ports.ts'

export interface Journal {
  readonly session: string
  /** Which beginning of it: a session without rounds may be begun again. */
  readonly begun: string
  /** What the peer began the session with, and what it holds now. */
  readonly start: Int32Array
  readonly value: Int32Array
  /** What the peer's own updates came to, where the session goes on while it works. */
  readonly updates: Int32Array
  /** Deltas by exchange: added as initiator, and in doubt, taken off or dropped as responder. */
  readonly committed: Map<string, Int32Array>
  readonly prepared: Map<string, Int32Array>
  readonly applied: Set<string>
  readonly dropped: Set<string>
}

export interface Journals {
  /** The store, followed: what has become durable is known here. */
  follow(peer: PeerKey, store: Store): Store
  of(peer: PeerKey): Journal | undefined
  /** Peers whose latest session this is, or was until they began another while the rest was still in it. */
  members(session: string): [PeerKey, Journal][]
  /** What peers held in sessions that they then began again with something else. */
  past(): readonly Journal[]
}

/** Name of the journal in the store (`peers/wiring/averaging`). */
const journalKey = 'exchange'

export function createJournals(): Journals {
  const journals = new Map<PeerKey, Journal>()
  const past: Journal[] = []
  /** What peers held in the session before the latest. */
  const before = new Map<PeerKey, Journal>()

  const replaced = (peer: PeerKey, first: Uint8Array): void => {
    const record = decodeLedgerRecord(first)
    const last = record.type === 'checkpoint' ? record.begun.at(-1) : undefined
    const latest = journals.get(peer)
    const begun = JSON.stringify(last)
    if (record.type !== 'checkpoint' || last === undefined) return
    const { value } = record
    // The same beginning once more, and where it has come to by now: the journal was compacted.
    if (begun === latest?.begun && value.every((one, i) => one === latest.value[i])) return
    const { session } = last
    if (latest?.session === session) past.push(latest)
    else if (latest !== undefined) before.set(peer, latest)
    const blank = { committed: new Map(), prepared: new Map(), applied: new Set<string>(), dropped: new Set<string>() }
    const updates = new Int32Array(value.length)
    journals.set(peer, { session, begun, start: value.slice(), value: value.slice(), updates, ...blank })
  }
  const appended = (peer: PeerKey, bytes: Uint8Array): void => {
    const journal = journals.get(peer)
    const record = decodeLedgerRecord(bytes)
    if (journal === undefined) return
    if (record.type === 'prepared') journal.prepared.set(record.xid, record.delta)
    if (record.type === 'dropped') journal.dropped.add(record.xid)
    if (record.type === 'committed') {
      journal.committed.set(record.xid, record.delta)
      add(journal.value, record.delta, 1)
    }
    if (record.type === 'updated') {
      add(journal.updates, record.delta, 1)
      add(journal.value, record.delta, 1)
    }
    const delta = record.type === 'applied' ? journal.prepared.get(record.xid) : undefined
    if (record.type !== 'applied' || delta === undefined || journal.applied.has(record.xid)) return
    journal.applied.add(record.xid)
    add(journal.value, delta, -1)
  }
  return {
    follow: (peer, store) => ({
      ...store,
      append(log, record) {
        const durable = store.append(log, record)
        return log === journalKey ? durable.then(() => appended(peer, record)) : durable
      },
      async replaceLog(log, records) {
        await store.replaceLog(log, records)
        const [first] = records
        if (log === journalKey && first !== undefined) replaced(peer, first)
      },
    }),
    of: (peer) => journals.get(peer),
    members: (session) => [...journals, ...before].filter(([, journal]) => journal.session === session),
    past: () => past,
  }
}

/**
 * Is the sum over a session's members, with what one end has committed and the other may yet apply, what they began with
 * and have added since, to the last integer? `givenUp`: exchanges that a peer has said it gave up, whatever the other did.
 */
export function keepsSum(members: readonly Journal[], givenUp: ReadonlySet<string> = new Set()): boolean {
  const applied = new Set(members.flatMap((journal) => [...journal.applied]))
  const dropped = new Set(members.flatMap((journal) => [...journal.dropped].filter((xid) => !givenUp.has(xid))))
  const difference = new Float64Array(members[0]?.value.length ?? 0)
  for (const { start, value, updates, committed } of members) {
    add(difference, value, 1)
    add(difference, start, -1)
    add(difference, updates, -1)
    for (const [xid, delta] of committed) if (!applied.has(xid) && !dropped.has(xid)) add(difference, delta, -1)
  }
  return difference.every((sum) => sum === 0)
}

function add(sum: Int32Array | Float64Array, term: Int32Array, sign: 1 | -1): void {
  for (let i = 0; i < sum.length; i++) sum[i] = (sum[i] as number) + sign * (term[i] as number)
}
