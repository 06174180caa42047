/** Direct streams between peers: taking those that others open, and opening our own to members. */
import type { Connection, Stream } from '@libp2p/interface'
import { peerIdFromString } from '@libp2p/peer-id'
import { reasonOf, streamError, within } from '../../../protocols/wire/frames.ts'
import { localError } from '../../../src/core/errors.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import type { Members } from './members.ts'
import type { Node } from './node.ts'

/** A stream protocol as data; the numbers stand in the protocol's `constants.ts`. */
export interface StreamProtocol {
  readonly id: string
  readonly maxInboundStreams: number
  readonly maxOutboundStreams: number
  /** For a whole inbound stream; 0 where the handler watches the time itself. */
  readonly timeoutMs: number
}

export type StreamHandler = (stream: Stream, connection: Connection, signal: AbortSignal) => Promise<void>

/** Registers `handler`; whatever it throws resets the stream, which is how the other side learns of it. */
export async function takeStreams(
  node: Node,
  protocol: StreamProtocol,
  stop: AbortSignal,
  handler: StreamHandler,
): Promise<void> {
  const { id, maxInboundStreams, maxOutboundStreams, timeoutMs } = protocol
  await node.handle(
    id,
    async (stream, connection) => {
      const signal = timeoutMs === 0 ? stop : within(timeoutMs, stop)
      const handled = orAbort(stream, async () => {
        await handler(stream, connection, signal)
        await stream.close({ signal })
      })
      await handled.catch(() => undefined)
    },
    { maxInboundStreams, maxOutboundStreams },
  )
}

/** A stream whose work fails is reset: the other side learns of it, and it takes the place of no other stream. */
export async function orAbort<T>(stream: Stream, work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    stream.abort(errorOf(error))
    throw error
  }
}

export const errorOf = (thrown: unknown): Error => (thrown instanceof Error ? thrown : new Error(reasonOf(thrown)))

/** The same, for members only. */
export function takeStreamsOfMembers(
  node: Node,
  members: Members,
  protocol: StreamProtocol,
  stop: AbortSignal,
  handler: (stream: Stream, peer: PeerKey, signal: AbortSignal) => Promise<void>,
): Promise<void> {
  const open = new Map<PeerKey, number>()
  return takeStreams(node, protocol, stop, async (stream, connection, signal) => {
    const peer = connection.remotePeer.toString()
    if (!members.has(peer)) throw localError('network.not-joined', `Cannot answer ${peer}: it has not joined`)
    // libp2p counts the streams of each connection, and a peer can have many.
    const others = open.get(peer) ?? 0
    if (others >= protocol.maxInboundStreams)
      throw localError('network.busy', `Cannot answer ${peer}: expected at most ${others} streams of it, got one more`)
    open.set(peer, others + 1)
    try {
      await handler(stream, peer, signal)
    } finally {
      const left = (open.get(peer) ?? 1) - 1
      if (left > 0) open.set(peer, left)
      else open.delete(peer)
    }
  })
}

/** Throws a local error: `network.not-joined` at once where `peer` is no member now, or `wire.interrupted`. */
export async function openStream(
  node: Node,
  members: Members,
  peer: PeerKey,
  protocol: StreamProtocol,
  signal: AbortSignal,
): Promise<Stream> {
  const connection = members.has(peer)
    ? node.getConnections(peerIdFromString(peer)).findLast(({ status }) => status === 'open')
    : undefined
  if (connection === undefined) throw localError('network.not-joined', `Cannot reach ${peer}: it has not joined`)
  try {
    return await connection.newStream(protocol.id, { signal, maxOutboundStreams: protocol.maxOutboundStreams })
  } catch (error) {
    throw streamError(error, `open a ${protocol.id} stream to`, signal)
  }
}
