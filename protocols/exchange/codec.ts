/** `ExchangeMessage` to bytes and back (SPEC.md). */
import { create, type MessageInitShape, toBinary } from '@bufbuild/protobuf'
import { assertNever } from '../../src/core/errors.ts'
import { digestBytes, digestText, type Fields, fieldsOf } from '../wire/fields.ts'
import { parse } from '../wire/parse.ts'
import { EXCHANGE_SLACK_BYTES, SCALE_LENGTH, SESSION_LENGTH, XID_LENGTH } from './constants.ts'
import { MessageSchema, type Message as Wire } from './exchange_pb.ts'
import type { ExchangeMessage, Refuse, Verdict } from './messages.ts'

type Body = NonNullable<MessageInitShape<typeof MessageSchema>['body']>

const outcomes: readonly Verdict['outcome'][] = ['pending', 'aborted', 'unknown']
const reasons: readonly Refuse['reason'][] = [
  'roster-mismatch',
  'stale-round',
  'scale-mismatch',
  'layout-mismatch',
  'gate',
  'busy',
  'stale',
]

/** Largest message in bytes where a state has `parameters` numbers: no codec takes more than 4 bytes for one. */
export const exchangeBytes = (parameters: number): number => 4 * parameters + EXCHANGE_SLACK_BYTES

/** Throws an input error `wire.field` where a field breaks its limit. */
export function encodeExchange(message: ExchangeMessage): Uint8Array {
  checked(message, fieldsOf(message.type, 'write'))
  return toBinary(MessageSchema, create(MessageSchema, { xid: message.xid, body: bodyOf(message) }))
}

/** `limit` in bytes. Throws a remote error `wire.too-large`, `wire.malformed` or `wire.field`, and nothing else. */
export function decodeExchange(bytes: Uint8Array, limit: number): ExchangeMessage {
  const message = messageOf(parse(MessageSchema, bytes, 'exchange message', limit))
  return checked(message, fieldsOf(message.type, 'read'))
}

function bodyOf(message: ExchangeMessage): Body {
  switch (message.type) {
    case 'offer': {
      const { session, round, num, den, scale, state, reach = 0 } = message
      return { case: 'offer', value: { session, round, num, den, scale, state, reach } }
    }
    case 'counter':
      return { case: 'counter', value: { state: message.state, reach: message.reach ?? 0 } }
    case 'commit':
      return { case: 'commit', value: { deltaDigest: digestBytes(message.deltaDigest) } }
    case 'verdict':
      return { case: 'verdict', value: { outcome: message.outcome } }
    case 'refuse':
      return { case: 'refuse', value: { reason: message.reason } }
    case 'ack':
    case 'status':
      return { case: message.type, value: {} }
    default:
      return assertNever(message, 'exchange message')
  }
}

function messageOf({ xid, body }: Wire): ExchangeMessage {
  switch (body.case) {
    case 'offer': {
      const { session, round, num, den, scale } = body.value
      const state = viewOf(body.value.state)
      return { type: 'offer', xid, session, round, num, den, scale, state, ...reachOf(body.value) }
    }
    case 'counter':
      return { type: 'counter', xid, state: viewOf(body.value.state), ...reachOf(body.value) }
    case 'commit':
      return { type: 'commit', xid, deltaDigest: digestText(body.value.deltaDigest) }
    case 'verdict':
      return {
        type: 'verdict',
        xid,
        outcome: fieldsOf('verdict', 'read').choice('outcome', body.value.outcome, outcomes),
      }
    case 'refuse':
      return { type: 'refuse', xid, reason: fieldsOf('refuse', 'read').choice('reason', body.value.reason, reasons) }
    case 'ack':
    case 'status':
      return { type: body.case, xid }
    case undefined:
      throw fieldsOf('exchange message', 'read').wrong('body', 'one of the seven messages', 'none')
    default:
      return assertNever(body, 'exchange message')
  }
}

/** Proto3 has no word for what is not there: it is zero. */
const reachOf = ({ reach }: { reach: number }): { reach?: number } => (reach === 0 ? {} : { reach })

function checked(message: ExchangeMessage, fields: Fields): ExchangeMessage {
  fields.text('xid', message.xid, XID_LENGTH)
  if (message.type === 'offer') {
    fields.text('session', message.session, SESSION_LENGTH)
    fields.text('scale', message.scale, SCALE_LENGTH)
    fields.count('round', message.round)
    fields.count('den', message.den, 1)
    fields.count('num', message.num, 0, message.den)
  }
  if ('state' in message && message.reach !== undefined && fields.finite('reach', message.reach) < 0) {
    throw fields.wrong('reach', 'a length', String(message.reach))
  }
  if (message.type === 'commit') fields.digest('deltaDigest', message.deltaDigest)
  return message
}

/** Not a copy, and no Buffer where one came in: its slice() is no copy either. */
const viewOf = ({ buffer, byteOffset, length }: Uint8Array): Uint8Array => new Uint8Array(buffer, byteOffset, length)
