/** The side of a blob stream that holds blobs (SPEC.md). */
import type { Stream } from '@libp2p/interface'
import { remoteError } from '../../src/core/errors.ts'
import { framesOf, within } from '../wire/frames.ts'
import { decodeBlobRequest, encodeBlobReply } from './codec.ts'
import { BLOB_CHUNK_TIMEOUT_MS, CHUNK_BYTES, CHUNKS_OUTSTANDING, REQUEST_BYTES } from './constants.ts'

export interface Holder {
  /** The blob of this digest (sha256, hex), if it is offered. */
  held(digest: string): Uint8Array | undefined
  /** Whether the other side may ask once more; called before every answer. */
  allow(): boolean
}

/** Answers until the other side ends the stream. Throws where it breaks a rule, is too fast or too slow. */
export async function serveBlob(stream: Stream, holder: Holder, signal: AbortSignal): Promise<void> {
  const frames = framesOf(stream, REQUEST_BYTES, CHUNKS_OUTSTANDING)
  let blob: Uint8Array | undefined
  for (;;) {
    const limit = within(BLOB_CHUNK_TIMEOUT_MS, signal)
    const frame = await frames.read(limit)
    if (frame === undefined) return
    if (!holder.allow()) throw remoteError('blobs.quota', 'Cannot serve a blob: the peer asks more than its quota')
    const request = decodeBlobRequest(frame)
    if (request.type === 'want') {
      if (blob !== undefined) throw remoteError('blobs.order', 'Cannot serve a blob: expected get, got another want')
      blob = holder.held(request.digest)
      await frames.write(
        encodeBlobReply(blob === undefined ? { type: 'missing' } : { type: 'have', bytes: blob.byteLength }),
        limit,
      )
      if (blob === undefined) return
      continue
    }
    if (blob === undefined) throw remoteError('blobs.order', 'Cannot serve a blob: expected want, got get')
    const { index } = request
    const data = blob.subarray(index * CHUNK_BYTES, (index + 1) * CHUNK_BYTES)
    if (data.byteLength === 0) {
      throw remoteError('blobs.index', `Cannot serve chunk ${index}: the blob has ${blob.byteLength} bytes`)
    }
    await frames.write(encodeBlobReply({ type: 'chunk', index, data }), limit)
  }
}
