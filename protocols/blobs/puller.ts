/** The side of a blob stream that wants a blob (SPEC.md). */
import { createHash } from 'node:crypto'
import type { Stream } from '@libp2p/interface'
import { localError, remoteError } from '../../src/core/errors.ts'
import { type Frames, framesOf, reasonOf, within } from '../wire/frames.ts'
import { decodeBlobReply, encodeBlobRequest } from './codec.ts'
import {
  BLOB_CHUNK_TIMEOUT_MS,
  BLOB_OPEN_TIMEOUT_MS,
  CHUNK_BYTES,
  CHUNKS_OUTSTANDING,
  REPLY_BYTES,
} from './constants.ts'
import type { BlobReply } from './messages.ts'

/** sha256, hex. */
export const digestOf = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

/** Opens a blob stream to a holder. */
export type OpenBlobStream = (holder: string, signal: AbortSignal) => Promise<Stream>

/** What has come so far, in order from the first byte, and from whom. */
interface Received {
  readonly bytes: Uint8Array
  done: number
  from: Set<string>
}

/**
 * Pulls `size` bytes with this digest from `holders` in turn; where one fails, the next goes on from the chunk reached.
 * If the whole then has another digest and several gave parts of it, each is tried once more alone, so that one that
 * lies cannot keep the others from delivering. Throws a remote error `blobs.digest-differs` or a local error
 * `blobs.unavailable`, with what became of every holder; or the signal's reason.
 */
export async function pullBlob(
  digest: string,
  size: number,
  holders: readonly string[],
  open: OpenBlobStream,
  signal: AbortSignal,
): Promise<Uint8Array> {
  const received: Received = { bytes: new Uint8Array(size), done: 0, from: new Set() }
  const queue = holders.map((holder) => ({ holder, alone: false }))
  const failures: string[] = []
  let lied = false
  for (const { holder, alone } of queue) {
    if (alone) restart(received)
    try {
      await pullFrom(holder, digest, received, open, signal)
    } catch (error) {
      signal.throwIfAborted()
      failures.push(`${holder}: ${reasonOf(error)}`)
      continue
    }
    if (digestOf(received.bytes) === digest) return received.bytes
    lied = true
    failures.push(`${[...received.from].join(' and ')}: the bytes have another digest`)
    if (received.from.size > 1) queue.push(...[...received.from].map((other) => ({ holder: other, alone: true })))
    restart(received)
  }
  const message = `Cannot fetch blob ${digest}: none of ${holders.length} holders gave it (${failures.join('; ')})`
  throw lied ? remoteError('blobs.digest-differs', message) : localError('blobs.unavailable', message)
}

function restart(received: Received): void {
  received.done = 0
  received.from.clear()
}

async function pullFrom(
  holder: string,
  digest: string,
  received: Received,
  open: OpenBlobStream,
  signal: AbortSignal,
): Promise<void> {
  const opening = within(BLOB_OPEN_TIMEOUT_MS, signal)
  const stream = await open(holder, opening)
  try {
    const frames = framesOf(stream, REPLY_BYTES, CHUNKS_OUTSTANDING)
    await frames.write(encodeBlobRequest({ type: 'want', digest }), opening)
    const reply = await readReply(frames, opening)
    if (reply.type !== 'have') throw localError('blobs.missing', 'it does not have the blob')
    if (reply.bytes !== received.bytes.byteLength) {
      throw remoteError('blobs.size', `expected ${received.bytes.byteLength} bytes, it has ${reply.bytes}`)
    }
    await pullChunks(frames, received, holder, signal)
    // The time for opening may long be over.
    await stream.close({ signal: within(BLOB_CHUNK_TIMEOUT_MS, signal) })
  } catch (error) {
    stream.abort(error instanceof Error ? error : new Error(reasonOf(error)))
    throw error
  }
}

/** Keeps a few requests under way, so that the link is never idle and memory is bounded. */
async function pullChunks(frames: Frames, received: Received, holder: string, signal: AbortSignal): Promise<void> {
  const { bytes } = received
  const chunks = Math.ceil(bytes.byteLength / CHUNK_BYTES)
  let next = received.done / CHUNK_BYTES
  for (let asked = next; next < chunks; next++) {
    const limit = within(BLOB_CHUNK_TIMEOUT_MS, signal)
    for (; asked < Math.min(next + CHUNKS_OUTSTANDING, chunks); asked++) {
      await frames.write(encodeBlobRequest({ type: 'get', index: asked }), limit)
    }
    const reply = await readReply(frames, limit)
    const end = Math.min((next + 1) * CHUNK_BYTES, bytes.byteLength)
    if (reply.type !== 'chunk' || reply.index !== next || reply.data.byteLength !== end - next * CHUNK_BYTES) {
      const got = reply.type === 'chunk' ? `chunk ${reply.index} of ${reply.data.byteLength} bytes` : reply.type
      throw remoteError('blobs.chunk', `expected chunk ${next} of ${end - next * CHUNK_BYTES} bytes, got ${got}`)
    }
    bytes.set(reply.data, next * CHUNK_BYTES)
    received.done = end
    received.from.add(holder)
  }
}

async function readReply(frames: Frames, signal: AbortSignal): Promise<BlobReply> {
  const frame = await frames.read(signal)
  if (frame === undefined) throw localError('wire.interrupted', 'it ended the stream')
  return decodeBlobReply(frame)
}
