/**
 * The ledger as a plain reducer. Safety is here and only here: whatever is lost, doubled, late or dies, the sum over
 * all peers of `value`, and of what is committed but not yet applied, stays the same to the last integer. Which edges
 * are tried, and when, is the session's business (`peers/wiring/averaging`).
 */
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import { assertNever } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import { expireOffer, offer, onAck, onCounter, onRefuse, onStatus } from './initiator.ts'
import { createLedger, type Ledger, type LedgerEffect, type LedgerInput, type LedgerStep, send } from './ledger.ts'
import { onCommit, onOffer, onVerdict, releaseHeld } from './responder.ts'

/** Sessions after which an initiator no longer answers for what it committed. */
const retention = 4

export function ledgerStep(ledger: Ledger, input: LedgerInput): LedgerStep {
  switch (input.type) {
    case 'begin':
      return begin(ledger, input.session, input.value)
    case 'round':
      return releaseHeld({ ...ledger, mixing: input.mixing, snapshot: ledger.value, partners: input.partners })
    case 'offer':
      return offer(ledger, input.to)
    case 'expire':
      return expireOffer(ledger, input.xid)
    case 'remind':
      return [ledger, reminders(ledger)]
    case 'end': {
      const { session, ...rest } = ledger
      const ended = session === undefined ? {} : { ended: session }
      return [{ ...rest, ...ended, offers: new Map(), held: [], partners: new Map() }, []]
    }
    case 'message':
      return receive(ledger, input.from, input.message)
  }
}

/** The peer's own mass is replaced, so what was in doubt is void: conservation is claimed within a session. */
function begin(ledger: Ledger, session: string, value: Int32Array): LedgerStep {
  const ordinal = ledger.ordinal + 1
  const committed = new Map([...ledger.committed].filter(([, entry]) => entry.ordinal > ordinal - retention))
  const retained = [...committed].map(([xid, { to, deltaDigest, ordinal: of }]) => ({
    xid,
    to,
    deltaDigest,
    ordinal: of,
  }))
  const fresh = createLedger(ledger.config)
  return [
    { ...fresh, ordinal, session, value, attempts: ledger.attempts, committed, held: ledger.held },
    [{ type: 'replace', record: { type: 'checkpoint', ordinal, session, value, retained } }],
  ]
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
