/** Rules of protocols/hello/SPEC.md, over a pair of streams. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stream } from '@libp2p/interface'
import { lpStream, streamPair } from '@libp2p/utils'
import { encodeHello } from '../../protocols/hello/codec.ts'
import { HELLO_FRAME_BYTES } from '../../protocols/hello/constants.ts'
import { differences } from '../../protocols/hello/differences.ts'
import type { Hello, Member } from '../../protocols/hello/messages.ts'
import { answer, greet, type Party } from '../../protocols/hello/service.ts'

const [clinic, school] = ['c', 's'].map((letter) => letter.repeat(52)) as [string, string]
const signal = () => AbortSignal.timeout(5_000)

const helloOf = (peer: string, changes: Partial<Hello> = {}): Hello => ({
  type: 'hello',
  version: 1,
  federation: 'north',
  model: 'a model',
  layout: 'a layout',
  capabilities: { mode: 'isolated' },
  name: peer.slice(0, 3),
  addresses: [`/ip4/192.0.2.1/tcp/4001/p2p/${peer}`],
  started: 1,
  ...changes,
})

interface Recorded extends Party {
  readonly accepted: { hello: Hello; members: readonly Member[] }[]
}

function partyOf(hello: Hello, members: readonly Member[] = []): Recorded {
  const accepted: Recorded['accepted'] = []
  return {
    hello,
    accepted,
    judge: (theirs) => differences(hello, theirs),
    members: () => members,
    accept: (theirs, told) => accepted.push({ hello: theirs, members: told }),
  }
}

/** Both sides of a conversation, each ending its stream as the node does. */
async function meet(dialling: Party, answering: Party): Promise<[string, string]> {
  const [out, back] = await streamPair()
  const ending = async (stream: Stream, side: Promise<string>) => {
    const differs = await side
    await stream.close({ signal: signal() })
    return differs
  }
  return Promise.all([
    ending(out, greet(out, school, dialling, signal())),
    ending(back, answer(back, clinic, answering, signal())),
  ])
}

test('HELLO-6, HELLO-8: two peers that fit accept each other and tell whom they know', async () => {
  const friend = { peer: 'f'.repeat(52), addresses: [] }
  const [dialling, answering] = [partyOf(helloOf(clinic)), partyOf(helloOf(school), [friend])]
  assert.deepEqual(await meet(dialling, answering), ['', ''])
  assert.deepEqual(dialling.accepted, [{ hello: answering.hello, members: [friend] }])
  assert.deepEqual(answering.accepted, [{ hello: dialling.hello, members: [] }])
})

const changes: Partial<Hello>[] = [
  { version: 2 },
  { federation: 'south' },
  { model: 'another model' },
  { layout: 'another layout' },
  { capabilities: { mode: 'mixed' } },
]
for (const change of changes) {
  test(`HELLO-4, HELLO-5: both sides learn that ${Object.keys(change)} differs, and neither accepts`, async () => {
    const [dialling, answering] = [partyOf(helloOf(clinic)), partyOf(helloOf(school, change), [])]
    const [seenHere, seenThere] = await meet(dialling, answering)
    assert.match(seenHere, / differs: expected .+, got .+/)
    assert.match(seenThere, / differs: expected .+, got .+/)
    assert.notEqual(seenHere, seenThere)
    assert.deepEqual([dialling.accepted, answering.accepted], [[], []])
  })
}

test('HELLO-5: a refusal that only one side makes is told to the other, with no members', async () => {
  const dialling = partyOf(helloOf(clinic))
  const answering = {
    ...partyOf(helloOf(school), [{ peer: 'f'.repeat(52), addresses: [] }]),
    judge: () => 'it is late',
  }
  assert.deepEqual(await meet(dialling, answering), ['the other side says: it is late', 'it is late'])
  assert.deepEqual(dialling.accepted, [])
})

/** What the answering side makes of frames that no honest peer sends. */
async function answerTo(...frames: Uint8Array[]): Promise<string> {
  const [out, back] = await streamPair()
  const party = partyOf(helloOf(school))
  const writer = lpStream(out)
  const answered = answer(back, clinic, party, signal())
  // The reset that follows a broken rule may come while the rest is still being written.
  const writing = (async () => {
    for (const frame of frames) await writer.write(frame, { signal: signal() })
  })().catch(() => undefined)
  try {
    return await answered
  } finally {
    assert.deepEqual(party.accepted, [])
    await writing
    for (const stream of [out, back]) stream.abort(new Error('The test is over'))
  }
}

test('HELLO-7: a hello with the address of another peer is refused', async () => {
  const hello = helloOf(clinic, { addresses: [`/ip4/192.0.2.1/tcp/4001/p2p/${school}`] })
  await assert.rejects(answerTo(encodeHello(hello)), { code: 'hello.address', family: 'remote' })
})

test('HELLO-3: a hello of another version is judged by its version alone', async () => {
  // Frame { hello { version 9, federation "" } }, with a field 15 that we do not know.
  const stranger = Uint8Array.of(0x0a, 5, 0x08, 9, 0x7a, 1, 0x78)
  const [out, back] = await streamPair()
  await lpStream(out).write(stranger, { signal: signal() })
  const differs = answer(back, clinic, partyOf(helloOf(school)), signal())
  await lpStream(out).write(encodeHello({ type: 'verdict', differs: 'version', members: [] }), { signal: signal() })
  assert.equal(await differs, 'protocol version differs: expected 1, got 9')
  for (const stream of [out, back]) stream.abort(new Error('The test is over'))
})

test('HELLO-12: frames out of order end the stream', async () => {
  const verdict = encodeHello({ type: 'verdict', differs: '', members: [] })
  await assert.rejects(answerTo(verdict), { code: 'hello.order', family: 'remote' })
  const hello = encodeHello(helloOf(clinic))
  await assert.rejects(answerTo(hello, hello), { code: 'hello.order', family: 'remote' })
})

test('WIRE-2, WIRE-10: a frame over the limit is refused by its length, whatever follows', async () => {
  await assert.rejects(answerTo(new Uint8Array(HELLO_FRAME_BYTES + 1)), { code: 'wire.too-large', family: 'remote' })
})

test('WIRE-10: bytes that are no frame are refused', async () => {
  await assert.rejects(answerTo(new Uint8Array(100).fill(0xff)), { family: 'remote' })
})
