/** Arbitrary messages within the limits of the SPECs, for round trips and fuzzing. */
import fc from 'fast-check'
import type { BlobReply, BlobRequest } from '../../../protocols/blobs/messages.ts'
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import { PROTOCOL_VERSION } from '../../../protocols/hello/constants.ts'
import type { HelloFrame } from '../../../protocols/hello/messages.ts'
import type { AdapterUpdate, Presence, SessionResult } from '../../../protocols/wire/announcements.ts'

const count = fc.nat({ max: 0xffff_ffff })
const bytesOf = (length: number) => fc.uint8Array({ minLength: length, maxLength: length })
const digest = bytesOf(32).map((bytes) => Buffer.from(bytes).toString('hex'))
const text = (maxLength: number, minLength = 1) =>
  fc.oneof(
    fc.string({ minLength, maxLength }),
    fc.string({ minLength, maxLength, unit: fc.constantFrom(...'aZ9 é日✓') }),
  )
const letters = fc.constantFrom(...'abcXYZ')
const word = fc
  .tuple(letters, fc.string({ maxLength: 20, unit: fc.constantFrom(...'abcXYZ019._-') }))
  .map((p) => p.join(''))
const float = fc.double({ noNaN: true, noDefaultInfinity: true })
const peer = fc.string({ minLength: 52, maxLength: 52, unit: fc.constantFrom(...'12abcdXYZ') })
const addressesOf = (id: string, maxLength: number) =>
  fc.array(
    fc.tuple(fc.ipV4(), fc.nat({ max: 65535 })).map(([ip, port]) => `/ip4/${ip}/tcp/${port}/p2p/${id}`),
    { maxLength },
  )

export const presence: fc.Arbitrary<Presence> = fc.record(
  {
    type: fc.constant('presence' as const),
    name: text(64),
    round: count,
    phase: word,
    digest,
    examples: count,
    ready: fc.boolean(),
    edition: word,
  },
  { requiredKeys: ['type', 'name', 'round', 'phase', 'digest', 'examples', 'ready'] },
)

export const update: fc.Arbitrary<AdapterUpdate | SessionResult> = fc.oneof(
  fc.record({
    type: fc.constant('update' as const),
    round: count,
    digest,
    bytes: count,
    examples: count,
    metrics: fc.dictionary(word, float, { maxKeys: 8, noNullPrototype: true }),
  }),
  fc.record({
    type: fc.constant('session' as const),
    session: text(128),
    round: count,
    stage: fc.constantFrom('joined' as const, 'mixed' as const, 'settled' as const),
    mixed: count,
    digest,
    bytes: count,
    sketch: fc.array(float, { maxLength: 64 }),
  }),
)

export const helloFrame: fc.Arbitrary<HelloFrame> = fc.oneof(
  fc.record({
    type: fc.constant('hello' as const),
    version: fc.constant(PROTOCOL_VERSION),
    federation: text(64),
    model: text(128),
    layout: text(128),
    capabilities: fc.dictionary(word, text(64), { maxKeys: 4, noNullPrototype: true }),
    name: text(64),
    addresses: peer.chain((id) => addressesOf(id, 8)),
    started: fc.maxSafeNat(),
  }),
  fc.record({
    type: fc.constant('verdict' as const),
    differs: text(200, 0),
    members: fc.array(
      peer.chain((id) => fc.record({ peer: fc.constant(id), addresses: addressesOf(id, 4) })),
      { maxLength: 6 },
    ),
  }),
)

export const blobRequest: fc.Arbitrary<BlobRequest> = fc.oneof(
  fc.record({ type: fc.constant('want' as const), digest }),
  fc.record({ type: fc.constant('get' as const), index: count }),
)

export const blobReply: fc.Arbitrary<BlobReply> = fc.oneof(
  fc.record({ type: fc.constant('have' as const), bytes: count }),
  fc.constant<BlobReply>({ type: 'missing' }),
  fc.record({ type: fc.constant('chunk' as const), index: count, data: fc.uint8Array({ maxLength: 200 }) }),
)

const xid = text(128)
const state = fc.uint8Array({ maxLength: 200 })
const far = fc.double({ noNaN: true, noDefaultInfinity: true, min: 1e-9 })
/** Where there is a state there may be a reach. */
const reaching = <T extends object>(message: fc.Arbitrary<T>): fc.Arbitrary<T & { reach?: number }> =>
  fc.oneof(
    message,
    fc.tuple(message, far).map(([one, reach]) => ({ ...one, reach })),
  )
export const exchangeMessage: fc.Arbitrary<ExchangeMessage> = fc.oneof(
  fc.integer({ min: 1, max: 0xffff_ffff }).chain((den) =>
    reaching(
      fc.record({
        type: fc.constant('offer' as const),
        xid,
        session: text(128),
        round: count,
        num: fc.nat({ max: den }),
        den: fc.constant(den),
        scale: text(128),
        state,
      }),
    ),
  ),
  reaching(fc.record({ type: fc.constant('counter' as const), xid, state })),
  fc.record({ type: fc.constant('commit' as const), xid, deltaDigest: digest }),
  fc.record({ type: fc.constantFrom('ack' as const, 'status' as const), xid }),
  fc.record({
    type: fc.constant('verdict' as const),
    xid,
    outcome: fc.constantFrom('pending' as const, 'aborted' as const, 'unknown' as const),
  }),
  fc.record({
    type: fc.constant('refuse' as const),
    xid,
    reason: fc.constantFrom('roster-mismatch' as const, 'layout-mismatch' as const, 'busy' as const),
  }),
)
