/**
 * Length-prefixed frames of a conversation on one stream. What is unread is bounded: a peer that writes faster than we
 * ask loses the stream.
 */
import type { Stream } from '@libp2p/interface'
import { lpStream } from '@libp2p/utils'
import { localError, remoteError } from '../../src/core/errors.ts'

export interface Frames {
  /** The next frame; undefined once the other side has ended its part. */
  read(signal: AbortSignal): Promise<Uint8Array | undefined>
  write(frame: Uint8Array, signal: AbortSignal): Promise<void>
}

/** Frames of at most `limit` bytes, of which at most `waiting` may lie unread. */
export function framesOf(stream: Stream, limit: number, waiting = 2): Frames {
  const frames = lpStream(stream, { maxDataLength: limit, maxBufferSize: waiting * (limit + 8) + 64 * 1024 })
  return {
    read: async (signal) => {
      try {
        return (await frames.read({ signal })).subarray()
      } catch (error) {
        if (nameOf(error) === 'UnexpectedEOFError') return undefined
        throw streamError(error, 'read from', signal)
      }
    },
    write: async (frame, signal) => {
      try {
        await frames.write(frame, { signal })
      } catch (error) {
        throw streamError(error, 'write to', signal)
      }
    },
  }
}

/**
 * Whatever a stream fails with, as an error: the signal's reason, a remote error for a frame over its limit, or a local
 * error `wire.interrupted`. (Streams also reject with close *events*, which are no errors.)
 */
export function streamError(error: unknown, action: string, signal: AbortSignal): Error {
  if (signal.aborted && signal.reason instanceof Error) return signal.reason
  const name = nameOf(error)
  if (name.startsWith('InvalidDataLength') || name === 'InvalidMessageLengthError' || name === 'StreamBufferError') {
    return remoteError('wire.too-large', `Cannot ${action} the other peer: ${reasonOf(error)}`)
  }
  return localError('wire.interrupted', `Cannot ${action} the other peer: ${reasonOf(error)}`, {}, error)
}

/** An error's message, also where a close event was thrown in place of an error. */
export function reasonOf(error: unknown): string {
  if (error instanceof Error) return error.message
  if (error instanceof Event)
    return 'error' in error && error.error instanceof Error ? error.error.message : 'it closed'
  return String(error)
}

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : '')

/** `signal`, and a limit of `ms` from now. */
export const within = (ms: number, signal?: AbortSignal): AbortSignal =>
  signal === undefined ? AbortSignal.timeout(ms) : AbortSignal.any([signal, AbortSignal.timeout(ms)])
