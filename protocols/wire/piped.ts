/** One length-prefixed frame into a stream, or out of it: for protocols with one message per stream. */
import type { Stream } from '@libp2p/interface'
import { messageStreamToDuplex } from '@libp2p/utils'
import * as lengthPrefixed from 'it-length-prefixed'
import { pipe } from 'it-pipe'
import { remoteError } from '../../src/core/errors.ts'
import { streamError } from './frames.ts'

export interface Piped {
  /** The frame that comes first; what follows it is not looked at. `limit` in bytes. */
  take(limit: number): Promise<Uint8Array>
  /** Sends one frame and ends our part of the stream. */
  put(frame: Uint8Array): Promise<void>
}

/** When `signal` aborts, or the stream is reset, what is under way rejects; and the stream is aborted. */
export function piped(stream: Stream, signal: AbortSignal): Piped {
  const duplex = messageStreamToDuplex(stream)
  const cut = new Promise<never>((_, reject) => {
    const abort = () => {
      reject(signal.reason)
      stream.abort(signal.reason instanceof Error ? signal.reason : new Error('Aborted'))
    }
    stream.addEventListener(
      'close',
      (event) => {
        signal.removeEventListener('abort', abort)
        if (event.error !== undefined) reject(event.error)
      },
      { once: true },
    )
    signal.addEventListener('abort', abort, { once: true })
    if (signal.aborted) abort()
  })
  // Nobody need be waiting when it is cut.
  cut.catch(() => undefined)
  /** A pipe may wait for ever for the drain of a stream that is gone, so everything is raced against the cut. */
  const unlessCut = async <T>(work: Promise<T>, action: string): Promise<T> => {
    try {
      return await Promise.race([work, cut])
    } catch (error) {
      throw streamError(error, action, signal)
    }
  }
  return {
    take: async (limit) => {
      const frames = pipe(duplex.source, (source) => lengthPrefixed.decode(source, { maxDataLength: limit }))
      const { value, done } = await unlessCut(frames.next(), 'read from')
      if (!done) return value.subarray()
      throw remoteError('wire.malformed', 'Cannot read from the other peer: expected a frame, got the end')
    },
    put: async (frame) => {
      const maxDataLength = frame.byteLength
      const sent = pipe([frame], (source) => lengthPrefixed.encode(source, { maxDataLength }), duplex.sink)
      await unlessCut(sent, 'write to')
    },
  }
}
