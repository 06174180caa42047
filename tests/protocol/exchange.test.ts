/** Rules of protocols/exchange/SPEC.md, on the ledger that carries them out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { decodeLedgerRecord, encodeLedgerRecord, recoverLedger } from '../../peers/behaviour/averaging/journal.ts'
import type { Ledger, LedgerEffect, LedgerInput, LedgerRecord } from '../../peers/behaviour/averaging/ledger.ts'
import { ledgerStep } from '../../peers/behaviour/averaging/ledger-step.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import { sha256 } from '../../src/averaging/digest.ts'

/** A peer with what it has written and said. */
function ledgerOf(self: string, other: string, value: readonly number[]) {
  let ledger: Ledger
  let incarnation = 0
  let log: Uint8Array[] = []
  const sent: ExchangeMessage[] = []
  const edges: Extract<LedgerEffect, { type: 'edge' }>[] = []
  const start = (): void => {
    incarnation += 1
    ledger = recoverLedger({ self, incarnation, scale: 'grid', digest: sha256 }, log.map(decodeLedgerRecord))
  }
  /** `until`: effects that are carried out before the process is killed. */
  const feed = (input: LedgerInput, until = Number.POSITIVE_INFINITY): ExchangeMessage[] => {
    const [next, effects] = ledgerStep(ledger, input)
    ledger = next
    const said: ExchangeMessage[] = []
    for (const effect of effects.slice(0, until)) {
      if (effect.type === 'append') log.push(encodeLedgerRecord(effect.record))
      if (effect.type === 'replace') log = [encodeLedgerRecord(effect.record)]
      if (effect.type === 'send') said.push(effect.message)
      if (effect.type === 'edge') edges.push(effect)
    }
    sent.push(...said)
    return said
  }
  const hear = (message: ExchangeMessage | undefined, until?: number): ExchangeMessage[] => {
    assert.ok(message, 'a message was expected')
    return feed({ type: 'message', from: other, message }, until)
  }
  const round = (mixing: number) => feed({ type: 'round', mixing, partners: new Map([[other, { num: 1, den: 2 }]]) })
  start()
  feed({ type: 'begin', session: 's', value: Int32Array.from(value) })
  round(0)
  return {
    feed,
    hear,
    round,
    sent,
    edges,
    restart: start,
    offer: () => feed({ type: 'offer', to: other })[0],
    value: () => [...ledger.value],
    records: (): LedgerRecord['type'][] => log.map((bytes) => decodeLedgerRecord(bytes).type),
    doubts: () => ledger.prepared.size,
  }
}
const pair = () => [ledgerOf('a', 'b', [10, -7, 0]), ledgerOf('b', 'a', [21, 8, -1])] as const
const sums = (...peers: ReturnType<typeof ledgerOf>[]) =>
  [0, 1, 2].map((c) => peers.reduce((sum, peer) => sum + (peer.value()[c] as number), 0))
const kinds = (messages: readonly ExchangeMessage[]) => messages.map(({ type }) => type)

test('an exchange is OFFER, COUNTER, COMMIT, ACK, and both ends move by the same integers', () => {
  const [a, b] = pair()
  const before = sums(a, b)
  const [counter] = b.hear(a.offer())
  const [commit] = a.hear(counter)
  const [ack] = b.hear(commit)
  assert.deepEqual(a.hear(ack), [])
  assert.deepEqual(kinds([...a.sent, ...b.sent]), ['offer', 'commit', 'counter', 'ack'])
  assert.deepEqual(
    [a.value(), b.value()],
    [
      [16, 1, 0],
      [15, 0, -1],
    ],
  )
  assert.deepEqual(sums(a, b), before)
  assert.deepEqual(
    [a.edges, b.edges].flat().map(({ outcome }) => outcome),
    ['done', 'done'],
  )
})

test("EX-1: no two attempts share an xid, not even across a restart; others' xids are ignored", () => {
  const [a, b] = pair()
  const first = a.offer()
  const second = a.offer()
  a.restart()
  a.feed({ type: 'begin', session: 's', value: Int32Array.of(0, 0, 0) })
  a.round(0)
  const third = a.offer()
  assert.equal(new Set([first?.xid, second?.xid, third?.xid]).size, 3)
  assert.ok(first)
  assert.deepEqual(b.hear({ ...first, xid: 'c.1.1' }), [])
  assert.deepEqual(a.hear({ type: 'status', xid: 'b.1.1' }), [])
})

test('EX-2: an offer leaves nothing durable, and one whose time is up meets no late counter', () => {
  const [a, b] = pair()
  const offer = a.offer()
  assert.deepEqual(a.records(), ['checkpoint'])
  const [counter] = b.hear(offer)
  assert.ok(offer)
  a.feed({ type: 'expire', xid: offer.xid })
  assert.deepEqual(a.hear(counter), [])
  assert.deepEqual(a.value(), [10, -7, 0])
})

test('EX-3: offers of another round wait or are refused, and a late counter meets the state that was offered', () => {
  const [a, b] = pair()
  const before = sums(a, b)
  const old = a.offer()
  a.round(1)
  const early = a.offer()
  assert.deepEqual(b.hear(early), [], 'held')
  const [counter] = b.hear(old)
  const [toEarly] = b.round(1)
  for (const message of [counter, toEarly]) for (const commit of a.hear(message)) b.hear(commit)
  assert.equal(b.doubts(), 0)
  assert.deepEqual(sums(a, b), before)
  assert.deepEqual(b.hear(old && { ...old, xid: 'a.1.9' }), [{ type: 'refuse', xid: 'a.1.9', reason: 'stale-round' }])
})

test('EX-4: PREPARED is durable before COUNTER is said; EX-5: COMMITTED before COMMIT', () => {
  const [a, b] = pair()
  assert.deepEqual(b.hear(a.offer(), 1), [], 'killed after the first effect')
  assert.deepEqual(b.records(), ['checkpoint', 'prepared'])
  const [c, d] = pair()
  assert.deepEqual(c.hear(d.hear(c.offer())[0], 1), [])
  assert.deepEqual(c.records(), ['checkpoint', 'committed'])
})

test('EX-6: a responder in doubt asks until it knows, also after a restart', () => {
  for (const fate of ['committed', 'aborted'] as const) {
    const [a, b] = pair()
    const before = sums(a, b)
    const offer = a.offer()
    const [counter] = b.hear(offer)
    assert.ok(offer)
    if (fate === 'committed') a.hear(counter)
    else a.feed({ type: 'expire', xid: offer.xid })
    b.restart()
    assert.equal(b.doubts(), 1)
    const [status] = b.feed({ type: 'remind' })
    assert.deepEqual(status, { type: 'status', xid: offer.xid })
    const [verdict] = a.hear(status)
    assert.deepEqual(verdict, { type: 'verdict', xid: offer.xid, outcome: fate })
    b.hear(verdict)
    assert.equal(b.doubts(), 0)
    assert.deepEqual(sums(a, b), before)
  }
})

test('EX-7: COMMIT is repeated until ACK, and a repeated message changes nothing', () => {
  const [a, b] = pair()
  const offer = a.offer()
  const [counter] = b.hear(offer)
  assert.deepEqual(b.hear(offer), [counter], 'the same counter')
  const [commit] = a.hear(counter)
  assert.deepEqual(a.hear(counter), [])
  assert.deepEqual(a.feed({ type: 'remind' }), [commit])
  const [ack] = b.hear(commit)
  const value = b.value()
  assert.deepEqual(b.hear(commit), [ack])
  assert.deepEqual(b.hear(offer), [ack])
  assert.deepEqual(b.value(), value)
  a.hear(ack)
  assert.deepEqual(a.feed({ type: 'remind' }), [])
})

test('EX-8: while the offer is open the answer is pending; a commit is answered for over four sessions', () => {
  const [a, b] = pair()
  const offer = a.offer()
  const [counter] = b.hear(offer)
  assert.ok(offer)
  const ask = () => a.hear({ type: 'status', xid: offer.xid })[0]
  assert.deepEqual(ask(), { type: 'verdict', xid: offer.xid, outcome: 'pending' })
  a.hear(counter)
  for (let session = 0; session < 3; session++) {
    a.feed({ type: 'begin', session: `later ${session}`, value: Int32Array.of(0, 0, 0) })
    a.restart()
    assert.deepEqual(ask(), { type: 'verdict', xid: offer.xid, outcome: 'committed' })
  }
})

test('EX-9: an initiator that cannot take the counter closes the offer and says so', () => {
  const [a, b] = pair()
  const offer = a.offer()
  b.hear(offer)
  assert.ok(offer)
  const [verdict] = a.hear({ type: 'counter', xid: offer.xid, state: Int32Array.of(1) })
  assert.deepEqual(verdict, { type: 'verdict', xid: offer.xid, outcome: 'aborted' })
  b.hear(verdict)
  assert.deepEqual([b.doubts(), b.value()], [0, [21, 8, -1]])
})

test('EX-10: REFUSE closes an open offer and cannot touch a committed one', () => {
  const [a, b] = pair()
  const offer = a.offer()
  assert.ok(offer)
  const refusal: ExchangeMessage = { type: 'refuse', xid: offer.xid, reason: 'busy' }
  a.hear(b.hear(offer)[0])
  const value = a.value()
  a.hear(refusal)
  assert.deepEqual(a.value(), value)
  const open = a.offer()
  assert.ok(open)
  a.hear({ ...refusal, xid: open.xid })
  assert.deepEqual(a.edges.at(-1)?.reason, 'busy')
})

test('EX-11: a commit with another digest applies nothing', () => {
  const [a, b] = pair()
  const [commit] = a.hear(b.hear(a.offer())[0])
  assert.ok(commit?.type === 'commit')
  assert.deepEqual(kinds(b.hear({ ...commit, deltaDigest: 'f'.repeat(64) })), ['refuse'])
  assert.deepEqual([b.value(), b.doubts()], [[21, 8, -1], 1])
})

test('EX-12: what is out of range, or would leave int32, is refused before anything is recorded', () => {
  const b = ledgerOf('b', 'a', [2 ** 31 - 2, 0, 0])
  const state = Int32Array.of(2 ** 30, 0, 0)
  const base = { type: 'offer', session: 's', round: 0, num: 1, den: 2, scale: 'grid', state } as const
  const refused = (offer: object, xid: string): unknown => {
    const [answer] = b.hear({ ...base, ...offer, xid })
    return answer?.type === 'refuse' && answer.xid === xid ? answer.reason : answer
  }
  assert.equal(refused({ state: Int32Array.of(2 ** 30 + 1, 0, 0) }, 'a.1.1'), 'gate')
  assert.equal(refused({ scale: 'other' }, 'a.1.2'), 'scale-mismatch')
  assert.equal(refused({ state: Int32Array.of(1) }, 'a.1.3'), 'layout-mismatch')
  assert.equal(refused({ num: 2 }, 'a.1.4'), 'roster-mismatch')
  assert.equal(refused({ session: 't' }, 'a.1.5'), 'roster-mismatch')
  assert.deepEqual(b.records(), ['checkpoint'])
  const a = ledgerOf('a', 'b', [0, 0, 0])
  const offer = a.offer()
  assert.ok(offer)
  const counter: ExchangeMessage = { type: 'counter', xid: offer.xid, state: Int32Array.of(-(2 ** 30) - 1, 0, 0) }
  assert.deepEqual(a.hear(counter), [{ type: 'verdict', xid: offer.xid, outcome: 'aborted' }])
  assert.deepEqual(a.records(), ['checkpoint'])
})

test('EX-13: whichever side is killed after whichever effect, the sum stays and no doubt is left', () => {
  for (const victim of ['a', 'b']) {
    for (let killAt = 0; killAt < 8; killAt++) {
      const [a, b] = pair()
      const before = sums(a, b)
      let done = 0
      /** Carries out a step of the victim up to the effect at which it is killed, then lets it start again. */
      const step = (self: typeof a, run: (until?: number) => ExchangeMessage[]): ExchangeMessage[] => {
        if ((self === a) !== (victim === 'a') || done > killAt) return run()
        const said = run(killAt - done)
        done += 3
        if (done <= killAt) return said
        self.restart()
        return said
      }
      const offer = a.offer()
      for (const counter of step(b, (until) => b.hear(offer, until))) {
        for (const commit of step(a, (until) => a.hear(counter, until))) {
          for (const ack of step(b, (until) => b.hear(commit, until))) a.hear(ack)
        }
      }
      assert.ok(offer)
      a.feed({ type: 'expire', xid: offer.xid })
      for (const commit of a.feed({ type: 'remind' })) for (const ack of b.hear(commit)) a.hear(ack)
      for (const status of b.feed({ type: 'remind' })) for (const verdict of a.hear(status)) b.hear(verdict)
      assert.deepEqual(sums(a, b), before, `${victim} killed after ${killAt}`)
      assert.equal(b.doubts(), 0, `${victim} killed after ${killAt}`)
    }
  }
})

test('decodeLedgerRecord() brings back every record', () => {
  const integers = fc.int32Array()
  const text = fc.string()
  const record: fc.Arbitrary<LedgerRecord> = fc.oneof(
    fc.record({ type: fc.constant('prepared' as const), xid: text, from: text, mixing: fc.nat(), delta: integers }),
    fc.record({ type: fc.constant('committed' as const), xid: text, to: text, delta: integers }),
    fc.record({ type: fc.constantFrom('applied' as const, 'dropped' as const), xid: text }),
    fc.record({
      type: fc.constant('checkpoint' as const),
      ordinal: fc.nat(),
      session: text,
      value: integers,
      retained: fc.constant([]),
    }),
  )
  fc.assert(fc.property(record, (one) => assert.deepEqual(decodeLedgerRecord(encodeLedgerRecord(one)), { ...one })))
})
