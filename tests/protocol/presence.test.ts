/** Rules of protocols/presence/SPEC.md and updates/SPEC.md: what the validator of a topic lets through. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import { generateKeyPairFromSeed } from '@libp2p/crypto/keys'
import { peerIdFromPrivateKey } from '@libp2p/peer-id'
import { gossipValidator } from '../../peers/wiring/libp2p/gossip-validator.ts'
import { Members } from '../../peers/wiring/libp2p/members.ts'
import { topics } from '../../peers/wiring/libp2p/topics.ts'
import { encodePresence } from '../../protocols/presence/codec.ts'
import { PRESENCE_BYTES, PRESENCE_QUOTA } from '../../protocols/presence/constants.ts'

type Message = Parameters<ReturnType<typeof gossipValidator>>[0]

const key = await generateKeyPairFromSeed('Ed25519', new Uint8Array(32).fill(7))
const from = peerIdFromPrivateKey(key)
const author = from.toString()
const started = 1_700_000_000_000
const first = BigInt(started) * 1_000_000n + 1n
const presence = encodePresence({
  type: 'presence',
  name: 'clinic',
  round: 1,
  phase: 'idle',
  digest: 'ab'.repeat(32),
  examples: 3,
  ready: true,
})

const signed = (sequenceNumber: bigint, data = presence): Message => ({
  type: 'signed',
  from,
  topic: 'presence',
  data,
  sequenceNumber,
  signature: new Uint8Array(64),
  key: key.publicKey,
})

/** A validator of the presence topic, and a clock that stands still. */
function setUp({ joined = true, allowlist = [] as string[] } = {}) {
  const members = new Members(allowlist, () => undefined)
  const terms = { version: 1, federation: 'f', model: 'm', layout: 'l', capabilities: {} }
  const join = (time: number) =>
    members.join(author, { type: 'hello', ...terms, name: 'n', addresses: [], started: time })
  if (joined) join(started)
  const [topic] = topics
  assert.ok(topic !== undefined)
  return { validate: gossipValidator(topic, members, () => 0), members, join }
}

test('PRESENCE-1: an unsigned message is rejected', () => {
  assert.equal(setUp().validate({ type: 'unsigned', topic: 'presence', data: presence }), 'reject')
})

test('PRESENCE-2: only members and peers on the allowlist are heard; a peer that left is not', () => {
  assert.equal(setUp({ joined: false }).validate(signed(first)), 'ignore')
  assert.equal(setUp({ joined: false, allowlist: [author] }).validate(signed(first)), 'accept')
  const { validate, members } = setUp()
  assert.equal(validate(signed(first)), 'accept')
  members.leave(author, 'gone')
  assert.equal(validate(signed(first + 1n)), 'ignore')
})

test('PRESENCE-3, WIRE-2: a message that the codec refuses is rejected', () => {
  const { validate } = setUp()
  assert.equal(validate(signed(first, Uint8Array.of(0xff))), 'reject')
  assert.equal(validate(signed(first + 1n, new Uint8Array(PRESENCE_BYTES + 1))), 'reject')
})

test('PRESENCE-4: a replay is ignored, also after its author left, restarted or came back', () => {
  const { validate, members, join } = setUp()
  assert.equal(validate(signed(first)), 'accept')
  assert.equal(validate(signed(first)), 'ignore')
  members.leave(author, 'gone')
  join(started)
  assert.equal(validate(signed(first)), 'ignore')
  join(started + 1000)
  assert.equal(validate(signed(first + 5n)), 'ignore', 'signed by the process before')
  assert.equal(validate(signed(first + 1_000_000_000n)), 'accept')
})

test('PRESENCE-4: copies that overtake each other inside the window are heard, older ones are not', () => {
  const members = new Members([author], () => undefined)
  const order = [5n, 3n, 4n, 200n]
  assert.deepEqual(
    order.map((n) => members.isNew(author, n)),
    [true, true, true, true],
  )
  for (let n = 300n; n < 428n; n++) assert.ok(members.isNew(author, n), `${n}`)
  assert.equal(members.isNew(author, 199n), false)
  assert.equal(members.isNew(author, 3n), false)
})

test('PRESENCE-5, WIRE-9: messages over the quota are ignored, and replays use up none of it', () => {
  const { validate } = setUp()
  for (let i = 0; i < 100; i++) validate(signed(first))
  const verdicts = Array.from({ length: PRESENCE_QUOTA.messages }, (_, i) => validate(signed(first + 1n + BigInt(i))))
  assert.equal(verdicts.filter((verdict) => verdict === 'accept').length, PRESENCE_QUOTA.messages - 1)
})
