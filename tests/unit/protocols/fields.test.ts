import assert from 'node:assert/strict'
import { test } from 'node:test'
import { decodeExchange, encodeExchange, exchangeBytes } from '../../../protocols/exchange/codec.ts'
import { encodeHello } from '../../../protocols/hello/codec.ts'
import { decodePresence, encodePresence } from '../../../protocols/presence/codec.ts'
import { encodeUpdate } from '../../../protocols/updates/codec.ts'
import type { Presence } from '../../../protocols/wire/announcements.ts'
import { digestText, fieldsOf } from '../../../protocols/wire/fields.ts'

const presence: Presence = {
  type: 'presence',
  name: 'clinic',
  round: 1,
  phase: 'training',
  digest: 'ab'.repeat(32),
  examples: 12,
  ready: false,
}

test('encodePresence() names the field, the expected and the actual value of what it cannot write', () => {
  assert.throws(() => encodePresence({ ...presence, name: 'x'.repeat(65) }), {
    family: 'input',
    message: 'Cannot write presence: expected name to be 1 to 64 characters, got 65',
  })
  assert.throws(() => encodePresence({ ...presence, digest: 'AB'.repeat(32) }), /expected digest to be a sha256/)
  assert.throws(() => encodePresence({ ...presence, round: -1 }), /expected round to be an integer from 0/)
  assert.throws(() => encodePresence({ ...presence, edition: '' }), /expected edition to be 1 to 64 characters/)
})

test('text() refuses what could steer a terminal or hide', () => {
  const { text } = fieldsOf('presence', 'read')
  for (const bad of ['\u001b[2J', 'a\nb', '\u202eabc', '\u200b', '\ud800', '\u2028', '\u0000']) {
    assert.throws(() => text('name', bad, 64), { code: 'wire.field', family: 'remote' }, JSON.stringify(bad))
  }
  assert.equal(text('name', 'Klinik Süd 日本 ✓', 64), 'Klinik Süd 日本 ✓')
})

test('decodePresence() refuses a digest that is not 32 bytes', () => {
  const bytes = encodePresence(presence)
  // Field 4 (digest): tag 0x22, length 32. Shorten it by a byte.
  const at = bytes.findIndex((byte, i) => byte === 0x22 && bytes[i + 1] === 32)
  const short = Uint8Array.from([...bytes.slice(0, at), 0x22, 31, ...bytes.slice(at + 3)])
  assert.throws(() => decodePresence(short), /expected digest to be a sha256/)
  assert.equal(digestText(new Uint8Array(1 << 20)).length, 66)
})

test('encodeUpdate() refuses numbers that JSON and means cannot carry', () => {
  const update = { type: 'update', round: 1, digest: 'ab'.repeat(32), bytes: 4, examples: 1 } as const
  assert.throws(() => encodeUpdate({ ...update, metrics: { loss: Number.NaN } }), /finite number, got NaN/)
  assert.throws(() => encodeUpdate({ ...update, metrics: { '1st': 1 } }), /a letter/)
})

test('encodeHello() refuses an address that no peer could dial', () => {
  const hello = { type: 'hello', version: 1, federation: 'f', model: 'm', layout: 'l', capabilities: {} } as const
  for (const address of ['/unix/tmp/x', '/ip4/1.2.3.4/tcp/1', 'http://x', '/ip4/1.2.3.4/udp/1/p2p/x']) {
    assert.throws(() => encodeHello({ ...hello, name: 'n', addresses: [address], started: 0 }), /TCP multiaddr/)
  }
})

test('decodeExchange() reads a state as it was written, from bytes at any offset, Buffers too', () => {
  const state = Uint8Array.of(255, 0, 127, 128, 1)
  const bytes = encodeExchange({ type: 'counter', xid: 'x', state })
  const shifted = new Uint8Array(bytes.length + 1)
  shifted.set(bytes, 1)
  for (const received of [shifted.subarray(1), Buffer.from(bytes)]) {
    assert.deepEqual(decodeExchange(received, exchangeBytes(4)), { type: 'counter', xid: 'x', state })
  }
})

test('encodeExchange() refuses a weight above one', () => {
  const offer = { type: 'offer', xid: 'x', session: 's', round: 0, scale: 'q', state: new Uint8Array(0) } as const
  assert.throws(() => encodeExchange({ ...offer, num: 3, den: 2 }), /expected num to be an integer from 0 to 2, got 3/)
})
