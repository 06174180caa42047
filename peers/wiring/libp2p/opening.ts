/** What a connection begins with. All that is said with another pre-shared key is noise, which begins otherwise. */
import type { AbortOptions, ConnectionProtector, MultiaddrConnection } from '@libp2p/interface'
import { equals, fromString } from 'uint8arrays'

/** The first that libp2p says in either direction (https://github.com/multiformats/multistream-select). */
const OPENING = fromString('\x13/multistream/1.0.0\n')

/** Protects connections by `inner`, if there is one, and aborts those that begin with noise. */
export function withOpening(inner?: ConnectionProtector): ConnectionProtector {
  return {
    protect: async (connection: MultiaddrConnection, options?: AbortOptions) => {
      const bare = inner === undefined ? connection : await inner.protect(connection, options)
      demandOpening(bare)
      return bare
    },
  }
}

/**
 * libp2p takes the first byte for the length of a message. Where that is more than what came it waits for the rest, which
 * never comes: in two of five connections the other side would take a wrong key for a slow line.
 */
export function demandOpening(connection: Pick<MultiaddrConnection, 'dispatchEvent' | 'abort'>): void {
  const dispatch = connection.dispatchEvent.bind(connection)
  let heard = 0
  // Not by a listener: see connection-watch.ts.
  connection.dispatchEvent = (event: Event & { data?: { subarray(): Uint8Array } }) => {
    if (event.type !== 'message' || event.data === undefined) return dispatch(event)
    const bytes = event.data.subarray().subarray(0, OPENING.length - heard)
    const isOpening = equals(bytes, OPENING.subarray(heard, heard + bytes.length))
    heard += bytes.length
    if (!isOpening) {
      connection.abort(new Error('what came first is noise'))
      return true
    }
    if (heard === OPENING.length) connection.dispatchEvent = dispatch
    return dispatch(event)
  }
}
