/** Rules of protocols/exchange/SPEC.md, on the ledger that carries them out. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { recoverLedger } from '../../peers/behaviour/averaging/journal.ts'
import {
  decodeLedgerRecord,
  encodeLedgerRecord,
  type LedgerRecord,
} from '../../peers/behaviour/averaging/journal-record.ts'
import { type Ledger, type LedgerEffect, type LedgerInput, openTerms } from '../../peers/behaviour/averaging/ledger.ts'
import { ledgerStep } from '../../peers/behaviour/averaging/ledger-step.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import { fixed } from '../../src/averaging/codecs/fixed.ts'
import { sha256 } from '../../src/averaging/digest.ts'

/** A peer with what it has written and said. */
function ledgerOf(self: string, other: string, value: readonly number[]) {
  let ledger: Ledger
  let incarnation = 0
  let log: Uint8Array[] = []
  const sent: ExchangeMessage[] = []
  const edges: Extract<LedgerEffect, { type: 'edge' }>[] = []
  const drifts: Extract<LedgerEffect, { type: 'drift' }>[] = []
  const start = (): void => {
    incarnation += 1
    ledger = recoverLedger(
      { self, incarnation, scale: 'grid', codec: fixed, digest: sha256 },
      log.map(decodeLedgerRecord),
    )
  }
  /** `until`: effects that are carried out before the process is killed. */
  const feed = (input: LedgerInput, until = Number.POSITIVE_INFINITY): ExchangeMessage[] => {
    const [next, effects] = ledgerStep(ledger, input)
    ledger = next
    const said: ExchangeMessage[] = []
    for (const effect of effects.slice(0, until)) {
      if (effect.type === 'append') log.push(encodeLedgerRecord(effect.record))
      if (effect.type === 'replace') log = effect.records.map(encodeLedgerRecord)
      if (effect.type === 'send') said.push(effect.message)
      if (effect.type === 'edge') edges.push(effect)
      if (effect.type === 'drift') drifts.push(effect)
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
    drifts,
    restart: start,
    offer: () => feed({ type: 'offer', to: other })[0],
    value: () => [...ledger.value],
    records: (): LedgerRecord['type'][] => log.map((bytes) => decodeLedgerRecord(bytes).type),
    doubts: () => ledger.prepared.size,
  }
}
const said = (...numbers: number[]) => new Uint8Array(Int32Array.from(numbers).buffer)
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
  a.feed({ type: 'begin', session: 't', value: Int32Array.of(0, 0, 0) })
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

test('EX-3: no more than four offers of one wait, nor 64 of all, and none on another grid', () => {
  const late = ledgerOf('b', 'a', [0])
  late.feed({ type: 'end' })
  const offer = (from: string, attempt: number, scale = 'grid') => {
    const xid = `${from}.1.${attempt}`
    const message = { type: 'offer', session: 'next', round: 0, num: 1, den: 2, state: said(1), scale, xid } as const
    return late.feed({ type: 'message', from, message }).map((answer) => 'reason' in answer && answer.reason)
  }
  assert.deepEqual(offer('a', 1, 'another'), ['scale-mismatch'])
  for (let peer = 0; peer < 16; peer++) {
    for (let attempt = 1; attempt <= 4; attempt++) assert.deepEqual(offer(`p${peer}`, attempt), [])
    assert.deepEqual(offer(`p${peer}`, 5), ['busy'])
  }
  assert.deepEqual(offer('q', 1), ['busy'])
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
    const [answer] = a.hear(status)
    assert.ok(answer)
    assert.deepEqual([answer.type, answer.xid], [fate === 'committed' ? 'commit' : 'verdict', offer.xid])
    b.hear(answer)
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

test('EX-8: pending while the offer is open, COMMIT over four sessions, and unknown when that is forgotten', () => {
  const [a, b] = pair()
  const aborted = a.offer()
  assert.ok(aborted)
  a.feed({ type: 'expire', xid: aborted.xid })
  const offer = a.offer()
  const [counter] = b.hear(offer)
  assert.ok(offer)
  const ask = ({ xid } = offer) => a.hear({ type: 'status', xid })[0]
  const verdict = (outcome: 'pending' | 'aborted' | 'unknown', { xid } = offer) => ({ type: 'verdict', xid, outcome })
  assert.deepEqual(ask(), verdict('pending'))
  const [commit] = a.hear(counter)
  for (let session = 0; session < 3; session++) {
    a.feed({ type: 'begin', session: `later ${session}`, value: Int32Array.of(0, 0, 0) })
    a.restart()
    assert.deepEqual(ask(), commit)
    assert.deepEqual(ask(aborted), verdict('aborted', aborted))
  }
  assert.deepEqual(a.drifts, [])
  a.feed({ type: 'begin', session: 'one too many', value: Int32Array.of(0, 0, 0) })
  a.restart()
  assert.deepEqual([ask(), ask(aborted)], [verdict('unknown'), verdict('unknown', aborted)])
  assert.deepEqual(
    a.drifts.map(({ xid, units }) => [xid, units]),
    [[offer.xid, 8]],
  )
})

test('EX-9: an initiator that cannot take the counter closes the offer and says so', () => {
  const [a, b] = pair()
  const offer = a.offer()
  b.hear(offer)
  assert.ok(offer)
  const [verdict] = a.hear({ type: 'counter', xid: offer.xid, state: said(1) })
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

test('EX-11: a commit with another digest applies nothing, then or later, and is counted', () => {
  const [a, b] = pair()
  const [commit] = a.hear(b.hear(a.offer())[0])
  assert.ok(commit?.type === 'commit')
  assert.deepEqual(kinds(b.hear({ ...commit, deltaDigest: 'f'.repeat(64) })), ['refuse'])
  b.restart()
  assert.deepEqual(b.feed({ type: 'remind' }), [])
  assert.deepEqual(kinds(b.hear(commit)), ['refuse'])
  assert.deepEqual(b.value(), [21, 8, -1])
  assert.deepEqual(
    b.drifts.map(({ xid, units }) => [xid, units]),
    [[commit.xid, 8]],
  )
})

test('EX-12: what is out of range, or would leave int32, is refused before anything is recorded', () => {
  const b = ledgerOf('b', 'a', [2 ** 30 - 1, 0, 0])
  const state = said(2 ** 30 - 1, 0, 0)
  const base = { type: 'offer', session: 's', round: 0, num: 1, den: 2, scale: 'grid', state } as const
  const refused = (offer: object, xid: string): unknown => {
    const [answer] = b.hear({ ...base, ...offer, xid })
    return answer?.type === 'refuse' && answer.xid === xid ? answer.reason : answer
  }
  assert.equal(refused({ state: said(2 ** 30, 0, 0) }, 'a.1.1'), 'gate')
  assert.equal(refused({ state: said(0, -(2 ** 30), 0) }, 'a.1.1'), 'gate')
  assert.equal(refused({ scale: 'other' }, 'a.1.2'), 'scale-mismatch')
  assert.equal(refused({ state: said(1) }, 'a.1.3'), 'layout-mismatch')
  assert.equal(refused({ num: 2 }, 'a.1.4'), 'roster-mismatch')
  assert.equal(refused({ session: 't' }, 'a.1.5'), 'roster-mismatch')
  assert.deepEqual(b.records(), ['checkpoint'])
  const a = ledgerOf('a', 'b', [0, 0, 0])
  const offer = a.offer()
  assert.ok(offer)
  const counter: ExchangeMessage = { type: 'counter', xid: offer.xid, state: said(-(2 ** 30), 0, 0) }
  assert.deepEqual(a.hear(counter), [{ type: 'verdict', xid: offer.xid, outcome: 'aborted' }])
  assert.deepEqual(a.records(), ['checkpoint'])
})

test('EX-12: what is in doubt counts as if it were applied, so that a recorded delta always has room', () => {
  const far = 2 ** 30 - 1
  const b = ledgerOf('b', 'a', [far, far, far])
  const state = said(-far, far, -far)
  const base = { type: 'offer', session: 's', round: 0, num: 1, den: 2, scale: 'grid', state } as const
  const answers = [1, 2, 3, 4].map((attempt) => b.hear({ ...base, xid: `a.1.${attempt}` })[0])
  // Each takes 2^30 - 1 away: from 2^30 - 1 there is room for three, and for a fourth there is not.
  assert.deepEqual(
    answers.map((answer) => answer?.type),
    ['counter', 'counter', 'counter', 'refuse'],
  )
  assert.deepEqual(b.records(), ['checkpoint', 'prepared', 'prepared', 'prepared'])
  const deltaDigest = sha256(Int32Array.of(far, 0, far))
  for (const attempt of [1, 2, 3]) b.hear({ type: 'commit', xid: `a.1.${attempt}`, deltaDigest })
  assert.deepEqual(b.value(), [-2 * far, far, -2 * far])
})

test('EX-12: what the terms of a session do not admit is refused, by either end, before anything is recorded', () => {
  const [a, b] = pair()
  const terms = { base: new Int32Array(), admits: (state: Int32Array) => Math.abs(state[0] as number) < 20 }
  a.feed({ type: 'begin', session: 't', value: Int32Array.of(10, -7, 0), terms })
  b.feed({ type: 'begin', session: 't', value: Int32Array.of(21, 8, -1) })
  for (const peer of [a, b]) peer.round(0)
  const [verdict] = a.hear(b.hear(a.offer())[0])
  assert.deepEqual(verdict?.type === 'verdict' && verdict.outcome, 'aborted')
  a.feed({ type: 'begin', session: 'u', value: Int32Array.of(10, -7, 0) })
  b.feed({ type: 'begin', session: 'u', value: Int32Array.of(21, 8, -1), terms })
  for (const peer of [a, b]) peer.round(0)
  const [refusal] = b.hear(a.offer())
  assert.deepEqual(refusal?.type === 'refuse' && refusal.reason, 'gate')
  assert.deepEqual([a.value(), b.value()].flat(), [10, -7, 0, 21, 8, -1])
})

test('EX-17: of two reaches the shorter one counts, and both ends move by it', () => {
  for (const [mine, theirs] of [
    [9, 3],
    [3, 9],
    [undefined, 3],
    [3, undefined],
  ]) {
    const [a, b] = [ledgerOf('a', 'b', [0, 0, 0]), ledgerOf('b', 'a', [20, 40, 40])]
    const partners = (other: string) => new Map([[other, { num: 1, den: 1 }]])
    a.feed({ type: 'round', mixing: 1, partners: partners('b'), reach: mine })
    b.feed({ type: 'round', mixing: 1, partners: partners('a'), reach: theirs })
    const offer = a.offer()
    const [counter] = b.hear(offer)
    assert.deepEqual(b.hear(offer), [counter], 'said again with its reach')
    b.hear(a.hear(counter)[0])
    // The difference is 60 long, of which 3 count.
    assert.deepEqual([a.value(), b.value()].flat(), [1, 2, 2, 19, 38, 38])
  }
})

test('EX-13: a peer that comes back has no part in the sessions it had begun, and counts in none of them twice', () => {
  const [a, b] = pair()
  const before = b.value()
  b.restart()
  assert.deepEqual(kinds(b.hear(a.offer())), ['refuse'])
  b.feed({ type: 'begin', session: 's', value: Int32Array.of(5, 5, 5) })
  b.round(0)
  assert.deepEqual([b.value(), b.offer(), b.records()], [before, undefined, ['checkpoint']])
  b.feed({ type: 'begin', session: 't', value: Int32Array.of(5, 5, 5) })
  assert.deepEqual(b.value(), [5, 5, 5])
})

test('EX-14: a new session makes void what is in doubt, and says how much that may have moved the sum', () => {
  const [a, b] = pair()
  const [commit] = a.hear(b.hear(a.offer())[0])
  b.feed({ type: 'begin', session: 't', value: Int32Array.of(1, 2, 3) })
  assert.deepEqual(
    b.drifts.map(({ other, xid, units }) => [other, xid, units]),
    [['a', commit?.xid, 8]],
  )
  assert.deepEqual(kinds(b.hear(commit)), ['ack'])
  assert.deepEqual([b.value(), b.doubts()], [[1, 2, 3], 0])
})

test('EX-15: a journal written anew brings back the same peer, and no more than four offers of one are in doubt', () => {
  const [a, b] = pair()
  b.hear(a.hear(b.hear(a.offer())[0])[0])
  const offers = [1, 2, 3, 4, 5].map(() => a.offer())
  assert.deepEqual(
    offers.flatMap((offer) => kinds(b.hear(offer))),
    ['counter', 'counter', 'counter', 'counter', 'refuse'],
  )
  a.hear({ type: 'counter', xid: offers[0]?.xid ?? '', state: said(3, 4, 5) })
  for (const peer of [a, b]) {
    const { value, doubts } = peer
    const before = [value(), doubts(), peer.feed({ type: 'remind' })]
    peer.feed({ type: 'compact' })
    peer.restart()
    assert.deepEqual([value(), doubts(), peer.feed({ type: 'remind' })], before)
  }
  assert.deepEqual(a.records(), ['checkpoint'])
  assert.deepEqual(b.records(), ['checkpoint', 'prepared', 'prepared', 'prepared', 'prepared'])
})

test('decodeLedgerRecord() refuses a record of another version', () => {
  const head = new TextEncoder().encode(JSON.stringify({ type: 'checkpoint', ordinal: 1 }))
  const bytes = new Uint8Array([head.length, 0, 0, 0, ...head])
  assert.throws(() => decodeLedgerRecord(bytes), { code: 'ledger.record', message: /of this version, got .*ordinal/ })
})

test('decodeLedgerRecord() brings back every record', () => {
  const integers = fc.int32Array()
  const text = fc.string()
  const plain = { noNullPrototype: true }
  const record: fc.Arbitrary<LedgerRecord> = fc.oneof(
    fc.record({ type: fc.constant('prepared' as const), xid: text, from: text, mixing: fc.nat(), delta: integers }),
    fc.record({ type: fc.constant('committed' as const), xid: text, to: text, delta: integers }),
    fc.record({ type: fc.constantFrom('applied' as const, 'dropped' as const), xid: text }),
    fc.record({
      type: fc.constant('checkpoint' as const),
      begun: fc.array(fc.record({ session: text, incarnation: fc.nat(), attempts: fc.nat() }, plain)),
      value: integers,
      committed: fc.array(
        fc.record({ xid: text, to: text, deltaDigest: text, units: fc.nat(), acknowledged: fc.boolean() }, plain),
      ),
      closed: fc.array(fc.tuple(text, fc.constantFrom('applied' as const, 'dropped' as const))),
    }),
  )
  fc.assert(fc.property(record, (one) => assert.deepEqual(decodeLedgerRecord(encodeLedgerRecord(one)), { ...one })))
})

const roundless = { ...openTerms, staleness: { weight: 'polynomial', bound: 8, floor: 0.1 } as const }
const unit = 4096
/** Two numbers and a version in a session without rounds. */
function without(self: string, other: string, x: readonly number[], version: number) {
  const peer = ledgerOf(self, other, [0, 0, 0])
  const begin = (value: readonly number[]) =>
    peer.feed({ type: 'begin', session: 'r', value: Int32Array.from(value), terms: roundless })
  begin([...x, version * unit])
  const resume = () => {
    peer.restart()
    return peer.feed({ type: 'resume', session: 'r', terms: roundless })
  }
  const update = (...delta: number[]) => peer.feed({ type: 'update', delta: Int32Array.from(delta) })
  return { ...peer, begin, resume, update }
}
const deal = (a: ReturnType<typeof without>, b: ReturnType<typeof without>): void => {
  a.hear(b.hear(a.hear(b.hear(a.offer())[0])[0])[0])
}

test('EX-18: without rounds either end offers, both weigh by the versions that they said, and the sum stays', () => {
  for (const turn of [0, 1]) {
    const ends = [without('a', 'b', [0, 100], 1), without('b', 'a', [800, 100], 4)] as const
    const [one, other] = turn === 0 ? ends : [ends[1], ends[0]]
    const before = sums(...ends)
    deal(one, other)
    // Three updates between them: a quarter of the way, half of what it is for equal versions.
    assert.deepEqual(
      [ends[0].value(), ends[1].value()],
      [
        [200, 100, 1.75 * unit],
        [600, 100, 3.25 * unit],
      ],
    )
    assert.deepEqual(sums(...ends), before)
    assert.equal(one.edges.at(-1)?.staleness, 3)
  }
})

test('EX-18: beyond the bound nothing is exchanged, and who has an offer open refuses others as busy', () => {
  const [a, b] = [without('a', 'b', [0, 0], 1), without('b', 'a', [8, 8], 9.5)]
  assert.deepEqual(b.hear(a.offer()), [{ type: 'refuse', xid: 'a.1.1', reason: 'stale' }])
  assert.deepEqual(b.records(), ['checkpoint'])
  const [c, d] = [without('a', 'b', [0, 0], 1), without('b', 'a', [8, 8], 1)]
  const offer = c.offer()
  assert.ok(d.offer())
  assert.equal(d.offer(), undefined, 'one offer at a time')
  assert.deepEqual(d.hear(offer), [{ type: 'refuse', xid: 'a.1.1', reason: 'busy' }])
})

test('EX-18: what is said leaves out what is in doubt, as if that were applied', () => {
  const [a, b, c] = [without('a', 'b', [0, 0], 1), without('b', 'a', [80, 0], 1), without('a', 'b', [0, 0], 1)]
  b.hear(a.offer())
  // A second attempt, by another life of the same initiator, meets the state after the first.
  c.restart()
  c.resume()
  const [counter] = b.hear(c.offer())
  assert.ok(counter?.type === 'counter')
  assert.equal(new Int32Array(counter.state.slice().buffer)[0], 40)
  assert.deepEqual([b.value()[0], b.doubts()], [80, 2])
})

test('EX-19: an update is durable before anything is said of it, and a peer that starts again goes on from it', () => {
  const [a, b] = [without('a', 'b', [0, 0], 1), without('b', 'a', [0, 0], 2)]
  a.update(50, -50, unit)
  deal(a, b)
  assert.deepEqual(a.records(), ['checkpoint', 'updated', 'committed'])
  a.resume()
  assert.deepEqual(a.value(), [25, -25, 2 * unit])
  deal(a, b)
  assert.deepEqual(sums(a, b), [50, -50, 4 * unit])
})

test('EX-20: who takes another state in the place of its own refuses late offers of what was in doubt', () => {
  const [a, b] = [without('a', 'b', [0, 0], 1), without('b', 'a', [80, 0], 1)]
  const offer = a.offer()
  const [counter] = b.hear(offer)
  b.begin([7, 7, unit])
  assert.deepEqual(
    b.drifts.map(({ xid }) => xid),
    [offer?.xid],
  )
  assert.deepEqual(kinds(b.hear(offer)), ['refuse'])
  assert.deepEqual(kinds(b.hear(a.hear(counter)[0])), ['ack'])
  assert.deepEqual(b.value(), [7, 7, unit])
})

test('EX-20: an offer that was named before a closed one is refused, others are not, and a journal written anew is short', () => {
  const [a, b] = [without('a', 'b', [0, 0], 1), without('b', 'a', [80, 0], 1)]
  const early = a.offer()
  a.feed({ type: 'expire', xid: early?.xid ?? '' })
  for (let i = 0; i < 3; i++) deal(a, b)
  for (const peer of [a, b]) peer.feed({ type: 'compact' })
  assert.deepEqual(b.hear(early), [{ type: 'refuse', xid: early?.xid, reason: 'stale-round' }])
  const stranger = { ...(early as ExchangeMessage), xid: 'c.1.1' } as ExchangeMessage
  assert.deepEqual(kinds(b.feed({ type: 'message', from: 'c', message: stranger })), ['counter'])
  const before = sums(a, b)
  deal(a, b)
  assert.deepEqual(sums(a, b), before)
  assert.deepEqual(a.records(), ['checkpoint', 'committed'])
})
