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

/** Aborts the stream, and with it what is under way, when `signal` does. */
export function piped(stream: Stream, signal: AbortSignal): Piped {
  const duplex = messageStreamToDuplex(stream)
  const abort = () => stream.abort(signal.reason instanceof Error ? signal.reason : new Error('Aborted'))
  if (signal.aborted) abort()
  signal.addEventListener('abort', abort, { once: true })
  stream.addEventListener('close', () => signal.removeEventListener('abort', abort), { once: true })
  return {
    take: async (limit) => {
      try {
        const frames = pipe(duplex.source, (source) => lengthPrefixed.decode(source, { maxDataLength: limit }))
        for await (const frame of frames) return frame.subarray()
      } catch (error) {
        throw streamError(error, 'read from', signal)
      }
      throw remoteError('wire.malformed', 'Cannot read from the other peer: expected a frame, got the end')
    },
    put: async (frame) => {
      try {
        const maxDataLength = frame.byteLength
        await pipe([frame], (source) => lengthPrefixed.encode(source, { maxDataLength }), duplex.sink)
      } catch (error) {
        throw streamError(error, 'write to', signal)
      }
    },
  }
}
