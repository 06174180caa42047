import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createWireSizes } from '../../../../peers/wiring/memory-sizes.ts'
import { wireBytes } from '../../../../peers/wiring/wire-bytes.ts'
import type { ExchangeMessage } from '../../../../protocols/exchange/messages.ts'

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

test('createWireSizes() gives for every message the length of its bytes, whatever was asked before', () => {
  const sizes = createWireSizes()
  fc.assert(
    fc.property(message, (one) => assert.equal(sizes.exchange(one), wireBytes.exchange(one).length)),
    { numRuns: 500 },
  )
})
