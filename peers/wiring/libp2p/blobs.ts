/** Blobs over direct streams: a few that we offer, and those that we fetch. */
import {
  BLOB_INBOUND_STREAMS,
  BLOB_OUTBOUND_STREAMS,
  BLOB_QUOTA,
  BLOBS_ID,
  BLOBS_KEPT,
} from '../../../protocols/blobs/constants.ts'
import { serveBlob } from '../../../protocols/blobs/holder.ts'
import { pullBlob } from '../../../protocols/blobs/puller.ts'
import { QuotaMeter } from '../../../protocols/wire/quota.ts'
import { localError, remoteError } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import type { Members } from './members.ts'
import type { Node } from './node.ts'
import { openStream, type StreamProtocol, takeStreamsOfMembers } from './streams.ts'

const protocol: StreamProtocol = {
  id: BLOBS_ID,
  maxInboundStreams: BLOB_INBOUND_STREAMS,
  maxOutboundStreams: BLOB_OUTBOUND_STREAMS,
  timeoutMs: 0,
}

export class Blobs {
  readonly #node: Node
  readonly #members: Members
  readonly #maxBytes: number
  readonly #offered = new Map<string, Uint8Array>()
  readonly #quota = new QuotaMeter(BLOB_QUOTA)

  constructor(node: Node, members: Members, maxBytes: number) {
    this.#node = node
    this.#members = members
    this.#maxBytes = maxBytes
  }

  async start(stop: AbortSignal): Promise<void> {
    await takeStreamsOfMembers(this.#node, this.#members, protocol, stop, async (stream, peer, signal) => {
      this.#quota.prune(performance.now())
      const holder = {
        held: (digest: string) => this.#offered.get(digest),
        allow: () => this.#quota.take(peer, performance.now()),
      }
      await serveBlob(stream, holder, signal)
    })
  }

  offer(digest: string, bytes: Uint8Array): void {
    this.#offered.delete(digest)
    this.#offered.set(digest, bytes)
    const oldest = this.#offered.keys().next()
    if (this.#offered.size > BLOBS_KEPT && !oldest.done) this.#offered.delete(oldest.value)
  }

  async fetch(digest: string, bytes: number, holders: readonly PeerKey[], signal: AbortSignal): Promise<Uint8Array> {
    const own = this.#offered.get(digest)
    if (own !== undefined) return own
    if (!Number.isInteger(bytes) || bytes < 0 || bytes > this.#maxBytes) {
      const message = `Cannot fetch blob ${digest}: expected at most ${this.#maxBytes} bytes, got ${bytes}`
      throw remoteError('blobs.too-large', message, { bytes, limit: this.#maxBytes })
    }
    const reachable = [...new Set(holders)].filter((peer) => this.#members.has(peer))
    if (reachable.length === 0) {
      const message = `Cannot fetch blob ${digest}: none of its ${holders.length} holders has joined`
      throw localError('blobs.unavailable', message)
    }
    const open = (peer: PeerKey, opening: AbortSignal) => openStream(this.#node, this.#members, peer, protocol, opening)
    return pullBlob(digest, bytes, reachable, open, signal)
  }
}
