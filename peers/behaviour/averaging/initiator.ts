/** An exchange from the side that began it. The commit point is this peer's journal record. */
import type { Counter, Refuse } from '../../../protocols/exchange/messages.ts'
import { freshRatio, stalenessOf } from '../../../src/averaging/staleness.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { agreedDelta, agreedRatio, hasRoom, heard, heldBy, moved } from './headroom.ts'
import { type Ledger, type LedgerEffect, type LedgerStep, type Offered, send, unitsOf } from './ledger.ts'
import { isNamedBy, isNamedUntil, xidOf } from './xid.ts'

/** EX-1, EX-2: a fresh name for every attempt; nothing durable. */
export function offer(ledger: Ledger, to: PeerKey): LedgerStep {
  const { config, session, mixing, reach, terms } = ledger
  const roundless = terms.staleness !== undefined
  const weight = roundless ? freshRatio : ledger.partners.get(to)
  if (session === undefined || weight === undefined || (roundless && ledger.offers.size > 0)) return [ledger, []]
  const said = roundless ? config.codec.encode(heldBy(ledger), terms.base) : ledger.said
  const attempts = ledger.attempts + 1
  const xid = xidOf(config.self, { incarnation: config.incarnation, attempts })
  const { num, den } = weight
  const about = { session, round: mixing, num, den, scale: config.scale }
  return [
    { ...ledger, attempts, offers: ledger.offers.with(xid, { to, num, den, mixing, state: said.state, reach }) },
    [
      send(to, { ...about, type: 'offer', xid, state: said.bytes, ...(reach === undefined ? {} : { reach }) }),
      { type: 'offered', to, xid },
    ],
  ]
}

/** EX-5: a valid counter is committed: journal first, then COMMIT. */
export function onCounter(ledger: Ledger, from: PeerKey, { xid, state, reach }: Counter): LedgerStep {
  const open = ledger.offers.get(xid)
  if (open === undefined || open.to !== from) return [ledger, []]
  const closed = { ...ledger, offers: ledger.offers.without(xid) }
  const theirs = heard(ledger, state)
  const ratio = theirs && agreedRatio(ledger, open.state, theirs, open)
  const delta = theirs && ratio && agreedDelta(ledger, open, { state: theirs, reach }, ratio)
  if (theirs === undefined || delta === undefined || !hasRoom(ledger, delta, 1)) {
    // EX-9: the offer is closed before anyone can be told that it was.
    return [closed, [send(from, { type: 'verdict', xid, outcome: 'aborted' }), failed(open, xid, 'gate')]]
  }
  const value = moved(ledger.value, delta, 1)
  const deltaDigest = ledger.config.digest(delta)
  const entry = { to: from, deltaDigest, units: unitsOf(delta), acknowledged: false }
  return [
    { ...closed, value, committed: ledger.committed.with(xid, entry) },
    [
      { type: 'append', record: { type: 'committed', xid, to: from, delta } },
      send(from, { type: 'commit', xid, deltaDigest }),
      { type: 'edge', other: from, xid, mixing: open.mixing, outcome: 'done', ...ageOf(ledger, open.state, theirs) },
    ],
  ]
}

/** EX-7: what is acknowledged is no longer repeated. */
export function onAck(ledger: Ledger, from: PeerKey, xid: string): LedgerStep {
  const entry = ledger.committed.get(xid)
  if (entry === undefined || entry.to !== from) return [ledger, []]
  return [{ ...ledger, committed: ledger.committed.with(xid, { ...entry, acknowledged: true }) }, []]
}

/**
 * EX-8: COMMIT for what was committed, so that its digest is judged here as well; PENDING, which is no promise, while
 * the offer is open; ABORTED for what is closed for ever; and UNKNOWN for what may have been committed and is forgotten.
 */
export function onStatus(ledger: Ledger, from: PeerKey, xid: string): LedgerStep {
  const { config, begun, committed, offers } = ledger
  if (!isNamedBy(xid, config.self)) return [ledger, []]
  const entry = committed.get(xid)
  if (entry?.to === from) return [ledger, [send(from, { type: 'commit', xid, deltaDigest: entry.deltaDigest })]]
  const forgotten = isNamedUntil(xid, config.self, begun[0] ?? { incarnation: config.incarnation, attempts: 0 })
  const outcome = offers.get(xid)?.to === from ? 'pending' : forgotten ? 'unknown' : 'aborted'
  return [ledger, [send(from, { type: 'verdict', xid, outcome })]]
}

/** EX-10: closes an open offer; a committed exchange cannot be refused. */
export function onRefuse(ledger: Ledger, from: PeerKey, { xid, reason }: Refuse): LedgerStep {
  const open = ledger.offers.get(xid)
  if (open === undefined || open.to !== from) return [ledger, []]
  return [{ ...ledger, offers: ledger.offers.without(xid) }, [failed(open, xid, reason)]]
}

/** The offer is forgotten; a counter that comes later finds nothing. */
export function expireOffer(ledger: Ledger, xid: string): LedgerStep {
  const open = ledger.offers.get(xid)
  if (open === undefined) return [ledger, []]
  return [{ ...ledger, offers: ledger.offers.without(xid) }, [failed(open, xid, 'no answer')]]
}

function failed({ to, mixing }: Offered, xid: string, reason: string): LedgerEffect {
  return { type: 'edge', other: to, xid, mixing, outcome: 'failed', reason }
}

function ageOf({ terms }: Ledger, mine: Int32Array, theirs: Int32Array): { staleness?: number } {
  return terms.staleness === undefined ? {} : { staleness: stalenessOf(mine.at(-1) ?? 0, theirs.at(-1) ?? 0) }
}
