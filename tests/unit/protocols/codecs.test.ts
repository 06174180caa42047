/** Every codec: what is written is read back; hostile bytes give a message or a remote error, quickly. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import * as blobs from '../../../protocols/blobs/codec.ts'
import { REPLY_BYTES, REQUEST_BYTES } from '../../../protocols/blobs/constants.ts'
import { decodeExchange, encodeExchange, exchangeBytes } from '../../../protocols/exchange/codec.ts'
import { decodeHello, encodeHello } from '../../../protocols/hello/codec.ts'
import { HELLO_FRAME_BYTES } from '../../../protocols/hello/constants.ts'
import { decodePresence, encodePresence } from '../../../protocols/presence/codec.ts'
import { PRESENCE_BYTES } from '../../../protocols/presence/constants.ts'
import { decodeUpdate, encodeUpdate } from '../../../protocols/updates/codec.ts'
import { UPDATE_BYTES } from '../../../protocols/updates/constants.ts'
import { FedpitError } from '../../../src/core/errors.ts'
import * as arbitrary from './messages.ts'

const exchangeLimit = exchangeBytes(50)

/** One row per codec; the tests below run on each. */
function row<T>(
  name: string,
  messages: fc.Arbitrary<T>,
  limit: number,
  encode: (message: T) => Uint8Array,
  decode: (bytes: Uint8Array) => T,
) {
  return {
    name,
    limit,
    decode: (bytes: Uint8Array): unknown => decode(bytes),
    encoded: messages.map(encode),
    /** The clone has ordinary prototypes, as decoded messages have; fast-check's records have none. */
    roundTrip: () =>
      fc.assert(
        fc.property(messages, (message) => assert.deepEqual(decode(encode(message)), structuredClone(message))),
      ),
  }
}

const codecs = [
  row('presence', arbitrary.presence, PRESENCE_BYTES, encodePresence, decodePresence),
  row('update', arbitrary.update, UPDATE_BYTES, encodeUpdate, decodeUpdate),
  row('hello', arbitrary.helloFrame, HELLO_FRAME_BYTES, encodeHello, decodeHello),
  row('blob request', arbitrary.blobRequest, REQUEST_BYTES, blobs.encodeBlobRequest, blobs.decodeBlobRequest),
  row('blob reply', arbitrary.blobReply, REPLY_BYTES, blobs.encodeBlobReply, blobs.decodeBlobReply),
  row('exchange', arbitrary.exchangeMessage, exchangeLimit, encodeExchange, (bytes) =>
    decodeExchange(bytes, exchangeLimit),
  ),
]

/** Bytes of a valid message with some of them changed, cut off, or put in twice. */
const mutated = (encoded: fc.Arbitrary<Uint8Array>) =>
  fc
    .tuple(
      encoded,
      fc.array(fc.tuple(fc.nat(), fc.nat({ max: 255 }), fc.nat({ max: 2 })), { minLength: 1, maxLength: 5 }),
    )
    .map(([bytes, edits]) => {
      let out = [...bytes]
      for (const [at, value, kind] of edits) {
        const i = out.length === 0 ? 0 : at % out.length
        if (kind === 0) out[i] = value
        else if (kind === 1) out = out.slice(0, i)
        else out.splice(i, 0, value, value)
      }
      return Uint8Array.from(out)
    })

for (const { name, limit, decode, encoded, roundTrip } of codecs) {
  const yieldsMessageOrRemoteError = (bytes: Uint8Array): void => {
    try {
      decode(bytes)
    } catch (error) {
      assert.ok(error instanceof FedpitError, `${name}: ${error}`)
      assert.equal(error.family, 'remote', error.message)
    }
  }

  test(`${name} codec: decode(encode(message)) is the message`, roundTrip)

  test(`${name} codec: arbitrary and mutated bytes give a message or a remote error`, () => {
    fc.assert(fc.property(fc.uint8Array({ maxLength: 300 }), yieldsMessageOrRemoteError), { numRuns: 300 })
    fc.assert(fc.property(mutated(encoded), yieldsMessageOrRemoteError), { numRuns: 500 })
  })

  test(`${name} codec: one byte over the limit is refused before it is read`, () => {
    assert.throws(() => decode(new Uint8Array(limit + 1)), { code: 'wire.too-large', family: 'remote' })
  })

  test(`${name} codec: lengths that lie and groups that nest allocate nothing`, () => {
    const before = process.memoryUsage().arrayBuffers
    for (const tag of [0x0a, 0x12, 0x1a, 0x22, 0x32]) {
      // A field of 2^31 - 1 bytes, of which none come.
      yieldsMessageOrRemoteError(Uint8Array.of(tag, 0xff, 0xff, 0xff, 0xff, 0x07))
    }
    yieldsMessageOrRemoteError(new Uint8Array(Math.min(limit, 60_000)).fill(0x7b))
    assert.ok(process.memoryUsage().arrayBuffers - before < 8 << 20)
  })
}
