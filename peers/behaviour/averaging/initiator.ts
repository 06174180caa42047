/** An exchange from the side that began it. The commit point is this peer's journal record. */
import type { Counter, Refuse } from '../../../protocols/exchange/messages.ts'
import { addDelta, deltaOf, inReach } from '../../../src/averaging/fixed-point.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { type Ledger, type LedgerEffect, type LedgerStep, type Offered, put, send, without } from './ledger.ts'
import { isNamedBy, xidOf } from './xid.ts'

/** EX-1, EX-2: a fresh name for every attempt; nothing durable. */
export function offer(ledger: Ledger, to: PeerKey): LedgerStep {
  const { config, session, mixing, snapshot } = ledger
  const weight = ledger.partners.get(to)
  if (session === undefined || weight === undefined) return [ledger, []]
  const attempts = ledger.attempts + 1
  const xid = xidOf(config.self, config.incarnation, attempts)
  const { num, den } = weight
  return [
    { ...ledger, attempts, offers: put(ledger.offers, xid, { to, num, den, mixing, state: snapshot }) },
    [
      send(to, { type: 'offer', xid, session, round: mixing, num, den, scale: config.scale, state: snapshot }),
      { type: 'offered', to, xid },
    ],
  ]
}

/** EX-5: a valid counter is committed: journal first, then COMMIT. */
export function onCounter(ledger: Ledger, from: PeerKey, { xid, state }: Counter): LedgerStep {
  const open = ledger.offers.get(xid)
  if (open === undefined || open.to !== from) return [ledger, []]
  const closed = { ...ledger, offers: without(ledger.offers, xid) }
  const fits = state.length === open.state.length && inReach(state)
  const delta = fits ? deltaOf(open.state, state, open.num, open.den) : undefined
  const value = delta === undefined ? undefined : addDelta(ledger.value, delta, 1)
  if (delta === undefined || value === undefined) {
    // EX-9: the offer is closed before anyone can be told that it was.
    return [closed, [send(from, { type: 'verdict', xid, outcome: 'aborted' }), failed(open, 'gate')]]
  }
  const deltaDigest = ledger.config.digest(delta)
  const entry = { to: from, deltaDigest, ordinal: ledger.ordinal, acknowledged: false }
  return [
    { ...closed, value, committed: put(ledger.committed, xid, entry) },
    [
      { type: 'append', record: { type: 'committed', xid, to: from, delta } },
      send(from, { type: 'commit', xid, deltaDigest }),
      { type: 'edge', other: from, mixing: open.mixing, outcome: 'done' },
    ],
  ]
}

/** EX-7: what is acknowledged is no longer repeated. */
export function onAck(ledger: Ledger, from: PeerKey, xid: string): LedgerStep {
  const entry = ledger.committed.get(xid)
  if (entry === undefined || entry.to !== from) return [ledger, []]
  return [{ ...ledger, committed: put(ledger.committed, xid, { ...entry, acknowledged: true }) }, []]
}

/** EX-8: committed, still open (PENDING is no promise), or closed for ever. */
export function onStatus(ledger: Ledger, from: PeerKey, xid: string): LedgerStep {
  if (!isNamedBy(xid, ledger.config.self)) return [ledger, []]
  const answer = (outcome: 'committed' | 'pending' | 'aborted'): LedgerStep => [
    ledger,
    [send(from, { type: 'verdict', xid, outcome })],
  ]
  if (ledger.committed.get(xid)?.to === from) return answer('committed')
  return answer(ledger.offers.get(xid)?.to === from ? 'pending' : 'aborted')
}

/** EX-10: closes an open offer; a committed exchange cannot be refused. */
export function onRefuse(ledger: Ledger, from: PeerKey, { xid, reason }: Refuse): LedgerStep {
  const open = ledger.offers.get(xid)
  if (open === undefined || open.to !== from) return [ledger, []]
  return [{ ...ledger, offers: without(ledger.offers, xid) }, [failed(open, reason)]]
}

/** The offer is forgotten; a counter that comes later finds nothing. */
export function expireOffer(ledger: Ledger, xid: string): LedgerStep {
  const open = ledger.offers.get(xid)
  if (open === undefined) return [ledger, []]
  return [{ ...ledger, offers: without(ledger.offers, xid) }, [failed(open, 'no answer')]]
}

function failed({ to, mixing }: Offered, reason: string): LedgerEffect {
  return { type: 'edge', other: to, mixing, outcome: 'failed', reason }
}
