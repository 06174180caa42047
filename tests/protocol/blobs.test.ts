/** Rules of protocols/blobs/SPEC.md, over pairs of streams. */
import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Stream } from '@libp2p/interface'
import { lpStream, streamPair } from '@libp2p/utils'
import { decodeBlobReply, decodeBlobRequest, encodeBlobReply, encodeBlobRequest } from '../../protocols/blobs/codec.ts'
import { CHUNK_BYTES, CHUNKS_OUTSTANDING } from '../../protocols/blobs/constants.ts'
import { type Holder, serveBlob } from '../../protocols/blobs/holder.ts'
import type { BlobReply, BlobRequest } from '../../protocols/blobs/messages.ts'
import { digestOf, type OpenBlobStream, pullBlob } from '../../protocols/blobs/puller.ts'

const signal = () => AbortSignal.timeout(20_000)
const blob = Uint8Array.from({ length: 3 * CHUNK_BYTES + 17 }, (_, i) => (i * 31) >> 3)
const digest = digestOf(blob)
const honest: Holder = { held: (asked) => (asked === digest ? blob : undefined), allow: () => true }

type Side = (stream: Stream) => Promise<void>
const serving =
  (holder: Holder): Side =>
  (stream) =>
    serveBlob(stream, holder, signal()).then(() => stream.close({ signal: signal() }))

/** Opens streams to holders that are the given functions, and notes whom it opened one to. */
function openerOf(holders: Record<string, Side>, opened: string[] = []): OpenBlobStream {
  return async (name) => {
    opened.push(name)
    const [out, back] = await streamPair()
    const side = holders[name]
    if (side === undefined) throw new Error(`no such holder: ${name}`)
    side(back).catch((error: Error) => back.abort(error))
    return out
  }
}

/** A holder that answers each request by `reply`; undefined ends the stream. */
const scripted =
  (reply: (request: BlobRequest) => BlobReply | undefined): Side =>
  async (stream) => {
    const frames = lpStream(stream)
    for (;;) {
      const answer = reply(decodeBlobRequest((await frames.read({ signal: signal() })).subarray()))
      if (answer === undefined) throw new Error('it had enough')
      await frames.write(encodeBlobReply(answer), { signal: signal() })
    }
  }

const have: BlobReply = { type: 'have', bytes: blob.byteLength }
const chunk = (index: number, from = blob): BlobReply => ({
  type: 'chunk',
  index,
  data: from.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES),
})

test('BLOBS-3, BLOBS-7: a blob of several chunks and a rest arrives whole', async () => {
  const open = openerOf({ a: serving(honest) })
  assert.deepEqual(await pullBlob(digest, blob.byteLength, ['a'], open, signal()), blob)
})

test('BLOBS-5: no more than eight requests are open at any time', async () => {
  const long = new Uint8Array(30 * CHUNK_BYTES)
  let [asked, answered, most] = [0, 0, 0]
  const counting: Side = async (stream) => {
    const frames = lpStream(stream)
    await frames.read({ signal: signal() })
    await frames.write(encodeBlobReply({ type: 'have', bytes: long.byteLength }), { signal: signal() })
    const waiting: number[] = []
    void (async () => {
      for (;;) {
        const request = decodeBlobRequest((await frames.read({ signal: signal() })).subarray())
        if (request.type === 'get') waiting.push(request.index)
        most = Math.max(most, ++asked - answered)
      }
    })().catch(() => undefined)
    while (answered < 30) {
      await new Promise((resolve) => setTimeout(resolve, 2))
      const index = waiting.shift()
      if (index === undefined) continue
      answered += 1
      await frames.write(encodeBlobReply(chunk(index, long)), { signal: signal() })
    }
  }
  await pullBlob(digestOf(long), long.byteLength, ['a'], openerOf({ a: counting }), signal())
  assert.ok(most > 1 && most <= CHUNKS_OUTSTANDING, `${most} requests were open`)
})

test('pullBlob() has time of its own to end a stream, however long ago it was opened', async () => {
  const limits: (AbortSignal | undefined)[] = []
  const open: OpenBlobStream = async (name, opening) => {
    const stream = await openerOf({ a: serving(honest) })(name, opening)
    const close = stream.close.bind(stream)
    stream.close = (options) => {
      limits.push(opening, options?.signal)
      return close(options)
    }
    return stream
  }
  await pullBlob(digest, blob.byteLength, ['a'], open, signal())
  assert.equal(limits.length, 2)
  assert.notEqual(limits[0], limits[1])
})

test('BLOBS-8: where a holder fails, the next goes on from the chunk reached', async () => {
  const asked: number[] = []
  const open = openerOf({
    breaks: scripted((request) =>
      request.type === 'want' ? have : request.index < 2 ? chunk(request.index) : undefined,
    ),
    goesOn: scripted((request) => {
      if (request.type === 'want') return have
      asked.push(request.index)
      return chunk(request.index)
    }),
  })
  assert.deepEqual(await pullBlob(digest, blob.byteLength, ['breaks', 'goesOn'], open, signal()), blob)
  assert.ok(!asked.includes(0), `asked again for ${asked}`)
})

test('BLOBS-8: one liar among honest holders delays a pull and does not defeat it', async () => {
  const lie = new Uint8Array(blob.byteLength)
  const open = openerOf({
    liar: scripted((request) =>
      request.type === 'want' ? have : request.index < 1 ? chunk(request.index, lie) : undefined,
    ),
    honest: serving(honest),
  })
  assert.deepEqual(await pullBlob(digest, blob.byteLength, ['liar', 'honest'], open, signal()), blob)
})

test('BLOBS-7: bytes with another digest are never handed on', async () => {
  const lie = new Uint8Array(blob.byteLength)
  const open = openerOf({ liar: scripted((request) => (request.type === 'want' ? have : chunk(request.index, lie))) })
  await assert.rejects(pullBlob(digest, blob.byteLength, ['liar'], open, signal()), {
    code: 'blobs.digest-differs',
    family: 'remote',
    message: /liar: the bytes have another digest/,
  })
})

const unfit: [string, (request: BlobRequest) => BlobReply, RegExp][] = [
  ['BLOBS-2: a blob that is not offered', () => ({ type: 'missing' }), /it does not have the blob/],
  ['BLOBS-6: another size', () => ({ type: 'have', bytes: 5 }), /expected 786449 bytes, it has 5/],
  [
    'BLOBS-4: a chunk out of order',
    (request) => (request.type === 'want' ? have : chunk(2)),
    /expected chunk 0 of 262144 bytes, got chunk 2/,
  ],
  [
    'BLOBS-4: a chunk too short',
    (request) => (request.type === 'want' ? have : { type: 'chunk', index: 0, data: blob.subarray(0, 5) }),
    /expected chunk 0 of 262144 bytes, got chunk 0 of 5 bytes/,
  ],
]
for (const [rule, reply, reason] of unfit) {
  test(`${rule} makes the puller turn to the next holder`, async () => {
    const open = openerOf({ unfit: scripted(reply), honest: serving(honest) })
    assert.deepEqual(await pullBlob(digest, blob.byteLength, ['unfit', 'honest'], open, signal()), blob)
    const alone = pullBlob(digest, blob.byteLength, ['unfit'], open, signal())
    await assert.rejects(alone, { code: 'blobs.unavailable', message: reason })
  })
}

test('pullBlob() stops where its signal is aborted', async () => {
  const stop = new AbortController()
  const open = openerOf({
    slow: scripted((request) => {
      if (request.type === 'get') stop.abort(new Error('Enough'))
      return have
    }),
  })
  await assert.rejects(pullBlob(digest, blob.byteLength, ['slow'], open, stop.signal), /Enough/)
})

/** What a holder makes of requests that no honest puller sends. */
async function serveTo(holder: Holder, ...requests: Uint8Array[]): Promise<BlobReply[]> {
  const [out, back] = await streamPair()
  const frames = lpStream(out)
  const replies: BlobReply[] = []
  const talking = (async () => {
    for (const request of requests) {
      await frames.write(request, { signal: signal() })
      replies.push(decodeBlobReply((await frames.read({ signal: signal() })).subarray()))
    }
    await out.close({ signal: signal() })
  })().catch(() => undefined)
  try {
    await serveBlob(back, holder, signal())
    await talking
    return replies
  } finally {
    for (const stream of [out, back]) stream.abort(new Error('The test is over'))
    await talking
  }
}

const want = encodeBlobRequest({ type: 'want', digest })
const get = (index: number) => encodeBlobRequest({ type: 'get', index })

test('BLOBS-1: get before want, and a second want, end the stream', async () => {
  await assert.rejects(serveTo(honest, get(0)), { code: 'blobs.order', family: 'remote' })
  await assert.rejects(serveTo(honest, want, want), { code: 'blobs.order', family: 'remote' })
})

test('BLOBS-2: an unknown digest is answered with missing', async () => {
  const other = encodeBlobRequest({ type: 'want', digest: '00'.repeat(32) })
  assert.deepEqual(await serveTo(honest, other), [{ type: 'missing' }])
})

test('BLOBS-3: a get past the end ends the stream', async () => {
  await assert.rejects(serveTo(honest, want, get(4)), { code: 'blobs.index', family: 'remote' })
  await assert.rejects(serveTo(honest, want, get(0xffff_ffff)), { code: 'blobs.index', family: 'remote' })
})

test('BLOBS-10, WIRE-9: a peer over its quota loses the stream', async () => {
  let left = 2
  const holder = { ...honest, allow: () => left-- > 0 }
  await assert.rejects(serveTo(holder, want, get(0), get(1)), { code: 'blobs.quota', family: 'remote' })
})

test('WIRE-2: a request over the limit is refused by its length', async () => {
  await assert.rejects(serveTo(honest, new Uint8Array(65)), { code: 'wire.too-large', family: 'remote' })
})
