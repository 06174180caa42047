import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createWireSizes } from '../../../../peers/wiring/memory-sizes.ts'
import { wireBytes } from '../../../../peers/wiring/wire-bytes.ts'
import type { ExchangeMessage } from '../../../../protocols/exchange/messages.ts'
import type { Announcement } from '../../../../protocols/wire/announcements.ts'

const xid = fc.tuple(fc.nat(9), fc.nat(2000)).map(([life, attempt]) => `peer-07.${life}.${attempt}`)
const state = fc.uint8Array({ maxLength: 12 })
const message: fc.Arbitrary<ExchangeMessage> = fc.oneof(
  fc.record({
    type: fc.constant('offer' as const),
    xid,
    session: fc.constantFrom('s', 'another'),
    scale: fc.constant('int32'),
    round: fc.nat(20_000),
    num: fc.nat(300),
    den: fc.integer({ min: 300, max: 70_000 }),
    state,
  }),
  fc.record({ type: fc.constant('counter' as const), xid, state }),
  fc.record({
    type: fc.constant('commit' as const),
    xid,
    deltaDigest: fc.constantFrom('a'.repeat(64), '0'.repeat(64)),
  }),
  fc.record({ type: fc.constantFrom('ack' as const, 'status' as const), xid }),
  fc.record({
    type: fc.constant('verdict' as const),
    xid,
    outcome: fc.constantFrom('pending' as const, 'unknown' as const),
  }),
  fc.record({ type: fc.constant('refuse' as const), xid, reason: fc.constantFrom('busy' as const, 'gate' as const) }),
)

const name = fc.constantFrom('peer-07', 'Zürich', '東京')
const digest = fc.constantFrom('a'.repeat(64), '0'.repeat(64))
const figure = fc.oneof(fc.constant(0), fc.double({ noNaN: true, noDefaultInfinity: true }))
const announcement: fc.Arbitrary<Announcement> = fc.oneof(
  fc.record(
    {
      type: fc.constant('presence' as const),
      name,
      round: fc.nat(300),
      phase: fc.constantFrom('idle', 'averaging'),
      digest,
      examples: fc.nat(300),
      ready: fc.boolean(),
      edition: fc.constantFrom('graph-0123', 'graph-abc'),
    },
    { requiredKeys: ['type', 'name', 'round', 'phase', 'digest', 'examples', 'ready'] },
  ),
  fc.record({
    type: fc.constant('update' as const),
    round: fc.nat(300),
    digest,
    bytes: fc.nat(70_000),
    examples: fc.nat(300),
    metrics: fc.oneof(fc.constant({}), fc.record({ loss: figure })),
  }),
  fc.record({
    type: fc.constant('session' as const),
    session: fc.constantFrom('s', 'another'),
    round: fc.nat(300),
    stage: fc.constantFrom('joined' as const, 'mixed' as const, 'settled' as const),
    mixed: fc.nat(300),
    digest,
    bytes: fc.nat(70_000),
    sketch: fc.array(figure, { maxLength: 4 }),
  }),
)

test('createWireSizes() gives for every announcement the length of its bytes, whatever was asked before', () => {
  const sizes = createWireSizes()
  fc.assert(
    fc.property(announcement, (one) => assert.equal(sizes.announcement(one), wireBytes.announcement(one).length)),
    { numRuns: 500 },
  )
})

test('createWireSizes() gives for every message the length of its bytes, whatever was asked before', () => {
  const sizes = createWireSizes()
  fc.assert(
    fc.property(message, (one) => assert.equal(sizes.exchange(one), wireBytes.exchange(one).length)),
    { numRuns: 500 },
  )
})
