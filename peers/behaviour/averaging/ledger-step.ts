/**
 * The ledger as a plain reducer. Safety is here and only here: whatever is lost, doubled, late or dies, the sum over
 * all peers of `value`, and of what is committed but not yet applied, stays the same to the last integer. Which edges
 * are tried, and when, is the session's business (`peers/wiring/averaging`).
 */
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import { assertNever } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { Entries } from './entries.ts'
import { hasRoom, moved } from './headroom.ts'
import { expireOffer, offer, onAck, onCounter, onRefuse, onStatus } from './initiator.ts'
import { checkpointOf, shortened } from './journal.ts'
import type { Begun, Closed, Committed } from './journal-record.ts'
import {
  createLedger,
  type Drift,
  type Ledger,
  type LedgerEffect,
  type LedgerInput,
  type LedgerStep,
  type Offered,
  openTerms,
  send,
  unitsOf,
} from './ledger.ts'
import { onCommit, onOffer, onVerdict, releaseHeld } from './responder.ts'
import { isNamedUntil } from './xid.ts'

type Begin = Extract<LedgerInput, { type: 'begin' }>

/** Sessions for which an initiator answers, the one under way among them. */
const retention = 4

export function ledgerStep(ledger: Ledger, input: LedgerInput): LedgerStep {
  switch (input.type) {
    case 'begin':
      return begin(ledger, input)
    case 'round': {
      const { mixing, partners, reach } = input
      const said = ledger.config.codec.encode(ledger.value, ledger.terms.base)
      return releaseHeld({ ...ledger, mixing, said, reach, partners })
    }
    case 'resume': {
      const { session, terms } = input
      if (ledger.begun.at(-1)?.session !== session) return [ledger, []]
      return releaseHeld({ ...ledger, session, terms, mixing: 0 })
    }
    case 'update': {
      const { delta } = input
      if (ledger.session === undefined || !hasRoom(ledger, delta, 1)) return [ledger, []]
      return [
        { ...ledger, value: moved(ledger.value, delta, 1) },
        [{ type: 'append', record: { type: 'updated', delta } }],
      ]
    }
    case 'offer':
      return offer(ledger, input.to)
    case 'expire':
      return expireOffer(ledger, input.xid)
    case 'remind':
      return [ledger, reminders(ledger)]
    case 'compact': {
      const short = shortened(ledger)
      return [short, [{ type: 'replace', records: checkpointOf(short) }]]
    }
    case 'end': {
      const { session: _, ...rest } = ledger
      return [{ ...rest, offers: Entries.of<Offered>(), held: [], partners: new Map() }, []]
    }
    case 'message':
      return receive(ledger, input.from, input.message)
  }
}

/**
 * EX-14: the peer's own mass is replaced, so what was in doubt is void: conservation is claimed within a session. One
 * without rounds may be begun again, by a peer that takes another's state in the place of its own (EX-19).
 */
function begin(ledger: Ledger, { session, value, terms = openTerms }: Begin): LedgerStep {
  const { config, attempts, held } = ledger
  const roundless = terms.staleness !== undefined
  if (!roundless && hasBegun(ledger, session)) return [ledger, []]
  const begun = [...ledger.begun, { session, incarnation: config.incarnation, attempts }].slice(-retention)
  const first = begun[0] as Begun
  const old = [...ledger.committed].filter(([xid]) => isNamedUntil(xid, config.self, first))
  const committed = [...ledger.committed].filter(([xid]) => !isNamedUntil(xid, config.self, first))
  // A late offer of what was closed in this session must not be prepared again.
  const voids = [...ledger.prepared.keys()].map((xid) => [xid, 'void'] as const)
  const closed = Entries.of<Closed>(hasBegun(ledger, session) ? [...ledger.closed, ...voids] : [])
  const kept = { attempts, committed: Entries.of(committed), closed, held }
  const fresh = { ...createLedger(config), begun, session, terms, value, ...kept }
  const [next, released] = roundless ? releaseHeld({ ...fresh, mixing: 0 }) : [fresh, []]
  // First said, then done: a kill in between may count a drift twice and can never hide one.
  const drifts = [...inDoubt(ledger, 'in doubt when the next session began'), ...unacknowledged(old)]
  return [next, [...drifts, { type: 'replace', records: checkpointOf(fresh) }, ...released]]
}

/** EX-13: what a peer held when it began a session counts in it once, whatever becomes of the peer. */
export function hasBegun(ledger: Ledger, session: string): boolean {
  return ledger.begun.some((one) => one.session === session)
}

/** Does anything wait for an answer of another peer? */
export function isOpen({ committed, prepared }: Ledger): boolean {
  if (prepared.size > 0) return true
  for (const { acknowledged } of committed.values()) if (!acknowledged) return true
  return false
}

/** EX-14: what is drift where a peer has come to its end. Nothing of it is dropped: a later life may yet resolve it. */
export function driftAtEnd(ledger: Ledger): Drift[] {
  return [...inDoubt(ledger, 'in doubt when this peer came to its end'), ...unacknowledged(ledger.committed)]
}

function inDoubt({ prepared }: Ledger, reason: string): Drift[] {
  return [...prepared].map(([xid, { from, delta }]) => {
    return { type: 'drift', other: from, xid, units: unitsOf(delta), reason }
  })
}

function unacknowledged(committed: Iterable<readonly [xid: string, Committed]>): Drift[] {
  const reason = 'never acknowledged'
  return [...committed].flatMap(([xid, { to, units, acknowledged }]) =>
    acknowledged ? [] : [{ type: 'drift', other: to, xid, units, reason }],
  )
}

function reminders(ledger: Ledger): LedgerEffect[] {
  const commits = [...ledger.committed]
    .filter(([, { acknowledged }]) => !acknowledged)
    .map(([xid, { to, deltaDigest }]) => send(to, { type: 'commit', xid, deltaDigest }))
  return [...commits, ...[...ledger.prepared].map(([xid, { from }]) => send(from, { type: 'status', xid }))]
}

function receive(ledger: Ledger, from: PeerKey, message: ExchangeMessage): LedgerStep {
  switch (message.type) {
    case 'offer':
      return onOffer(ledger, from, message)
    case 'counter':
      return onCounter(ledger, from, message)
    case 'commit':
      return onCommit(ledger, from, message)
    case 'ack':
      return onAck(ledger, from, message.xid)
    case 'status':
      return onStatus(ledger, from, message.xid)
    case 'verdict':
      return onVerdict(ledger, from, message)
    case 'refuse':
      return onRefuse(ledger, from, message)
    default:
      return assertNever(message, 'an exchange message')
  }
}
