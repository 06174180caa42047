/** An exchange from the side that was asked. Once it has countered, it never decides alone (EX-6). */
import type { Commit, Offer, Refuse, Verdict } from '../../../protocols/exchange/messages.ts'
import { freshRatio } from '../../../src/averaging/staleness.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { agreedDelta, agreedRatio, hasRoom, heard, heldBy, moved } from './headroom.ts'
import { isOutdated } from './journal.ts'
import { type Ledger, type LedgerEffect, type LedgerStep, type Prepared, send, unitsOf } from './ledger.ts'
import { isNamedBy } from './xid.ts'

/** Offers of one peer that wait for a session or round this peer has not reached; more are refused. */
const mostHeld = 4
/** Of all peers: a state each, and whoever comes back under another name has four more. */
const mostHeldOfAll = 64
/** Offers of one peer that are in doubt at once; more are refused, because each is kept in the journal (EX-15). */
const mostDoubts = 4

/** EX-3, EX-4: PREPARED is durable before COUNTER goes out. */
export function onOffer(ledger: Ledger, from: PeerKey, message: Offer): LedgerStep {
  const { xid } = message
  if (!isNamedBy(xid, from)) return [ledger, []]
  const known = ledger.prepared.get(xid)
  if (known !== undefined) return [ledger, repeated(known, from, xid)]
  const past = ledger.closed.get(xid)
  if (past !== undefined)
    return [ledger, [past === 'applied' ? send(from, { type: 'ack', xid }) : refuse(from, xid, 'stale-round')]]
  const late = ledger.terms.staleness !== undefined && isOutdated(ledger, xid)
  const reason = late ? 'stale-round' : objection(ledger, from, message)
  if (reason === 'early') {
    const own = ledger.held.filter((offer) => offer.from === from)
    if (own.length >= mostHeld || ledger.held.length >= mostHeldOfAll) return [ledger, [refuse(from, xid, 'busy')]]
    return [{ ...ledger, held: [...ledger.held, { from, message }] }, []]
  }
  if (reason !== undefined) return [ledger, [refuse(from, xid, reason)]]
  const doubts = [...ledger.prepared.values()].filter((entry) => entry.from === from)
  if (doubts.length >= mostDoubts) return [ledger, [refuse(from, xid, 'busy')]]
  const state = heard(ledger, message.state)
  if (state === undefined) return [ledger, [refuse(from, xid, 'layout-mismatch')]]
  const { reach, terms, config } = ledger
  const said = terms.staleness === undefined ? ledger.said : config.codec.encode(heldBy(ledger), terms.base)
  const ratio = agreedRatio(ledger, state, said.state, message)
  if (ratio === undefined) return [ledger, [refuse(from, xid, 'stale')]]
  const delta = agreedDelta(ledger, { state, reach: message.reach }, { state: said.state, reach }, ratio)
  if (delta === undefined || !hasRoom(ledger, delta, -1)) {
    const failed = { type: 'edge', other: from, xid, mixing: ledger.mixing, outcome: 'failed', reason: 'gate' } as const
    return [ledger, [refuse(from, xid, 'gate'), failed]]
  }
  const countered = { type: 'counter', state: said.bytes, ...(reach === undefined ? {} : { reach }) } as const
  const entry: Prepared = { from, delta, mixing: ledger.mixing, countered }
  return [
    { ...ledger, prepared: ledger.prepared.with(xid, entry) },
    [
      { type: 'append', record: { type: 'prepared', xid, from, mixing: ledger.mixing, delta } },
      send(from, { ...countered, xid }),
    ],
  ]
}

function objection(ledger: Ledger, from: PeerKey, message: Offer): Refuse['reason'] | 'early' | undefined {
  if (message.session !== ledger.session) {
    if (ledger.begun.some(({ session }) => session === message.session)) return 'stale-round'
    if (ledger.session !== undefined) return 'roster-mismatch'
    return message.scale === ledger.config.scale ? 'early' : 'scale-mismatch'
  }
  if (message.scale !== ledger.config.scale) return 'scale-mismatch'
  if (ledger.terms.staleness !== undefined) {
    // What it said in its own offer would be old before the counter comes.
    if (ledger.offers.size > 0) return 'busy'
    return message.num === freshRatio.num && message.den === freshRatio.den ? undefined : 'roster-mismatch'
  }
  if (message.round > ledger.mixing) return 'early'
  if (message.round < ledger.mixing) return 'stale-round'
  const weight = ledger.partners.get(from)
  const agreed = weight !== undefined && weight.num === message.num && weight.den === message.den
  return agreed ? undefined : 'roster-mismatch'
}

/** A repeated offer gets the same counter while it is at hand; after a restart, silence. */
function repeated(entry: Prepared, from: PeerKey, xid: string): LedgerEffect[] {
  return entry.countered === undefined ? [] : [send(from, { ...entry.countered, xid })]
}

/** EX-6, EX-7. A commit of what was applied, or of a session long past, changes nothing and is acknowledged. */
export function onCommit(ledger: Ledger, from: PeerKey, { xid, deltaDigest }: Commit): LedgerStep {
  if (!isNamedBy(xid, from)) return [ledger, []]
  const entry = ledger.prepared.get(xid)
  if (entry === undefined) {
    const dropped = ledger.closed.get(xid) === 'dropped'
    return [ledger, [dropped ? refuse(from, xid, 'stale-round') : send(from, { type: 'ack', xid })]]
  }
  // EX-11: the two ends computed different deltas: a bug or a lie. No sum can be kept; nothing is applied.
  if (ledger.config.digest(entry.delta) !== deltaDigest) {
    const [next, effects] = giveUp(ledger, xid, entry, 'the deltas differ')
    return [next, [...effects, refuse(from, xid, 'gate')]]
  }
  const value = moved(ledger.value, entry.delta, -1)
  return [
    { ...ledger, value, prepared: ledger.prepared.without(xid), closed: ledger.closed.with(xid, 'applied') },
    [{ type: 'append', record: { type: 'applied', xid } }, send(from, { type: 'ack', xid }), edge(entry, xid, 'done')],
  ]
}

/** EX-8. */
export function onVerdict(ledger: Ledger, from: PeerKey, { xid, outcome }: Verdict): LedgerStep {
  const entry = ledger.prepared.get(xid)
  if (entry === undefined || entry.from !== from || outcome === 'pending') return [ledger, []]
  if (outcome === 'unknown') return giveUp(ledger, xid, entry, 'its initiator no longer answers for it')
  return drop(ledger, xid, entry, 'aborted by the other side')
}

/** Turns PREPARED into nothing. */
function drop(ledger: Ledger, xid: string, entry: Prepared, reason: string): LedgerStep {
  return [
    { ...ledger, prepared: ledger.prepared.without(xid), closed: ledger.closed.with(xid, 'dropped') },
    [{ type: 'append', record: { type: 'dropped', xid } }, edge(entry, xid, 'failed', reason)],
  ]
}

/** EX-14: the same, where the other side may have committed. */
function giveUp(ledger: Ledger, xid: string, entry: Prepared, reason: string): LedgerStep {
  const [next, effects] = drop(ledger, xid, entry, reason)
  return [next, [{ type: 'drift', other: entry.from, xid, units: unitsOf(entry.delta), reason }, ...effects]]
}

/** A new round has begun: offers that came early are looked at again. */
export function releaseHeld(ledger: Ledger): LedgerStep {
  return ledger.held.reduce<LedgerStep>(
    ([state, effects], { from, message }) => {
      const [next, more] = onOffer(state, from, message)
      return [next, [...effects, ...more]]
    },
    [{ ...ledger, held: [] }, []],
  )
}

function refuse(to: PeerKey, xid: string, reason: Refuse['reason']): LedgerEffect {
  return send(to, { type: 'refuse', xid, reason })
}

function edge({ from, mixing }: Prepared, xid: string, outcome: 'done' | 'failed', reason?: string): LedgerEffect {
  return { type: 'edge', other: from, xid, mixing, outcome, ...(reason === undefined ? {} : { reason }) }
}
