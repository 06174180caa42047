/** Counts the bytes that a node's connections carry, encryption and framing included, TCP/IP headers not. */
import type { AbortOptions, ConnectionProtector, MultiaddrConnection } from '@libp2p/interface'

export interface Traffic {
  sent: number
  received: number
}

/**
 * A connection protector is what libp2p shows every raw connection to first, so it is where bytes are counted; `inner`
 * then protects the connection with a pre-shared key, if there is one.
 */
export function countTraffic(traffic: Traffic, inner?: ConnectionProtector): ConnectionProtector {
  return {
    protect: async (connection: MultiaddrConnection, options?: AbortOptions) => {
      const send = connection.send.bind(connection)
      connection.send = (data) => {
        traffic.sent += data.byteLength
        return send(data)
      }
      // Not by a listener: the first listener of a stream sets its data flowing, before the one it is meant for is there.
      const dispatch = connection.dispatchEvent.bind(connection)
      connection.dispatchEvent = (event: Event & { data?: { byteLength: number } }) => {
        if (event.type === 'message') traffic.received += event.data?.byteLength ?? 0
        return dispatch(event)
      }
      return inner === undefined ? connection : inner.protect(connection, options)
    },
  }
}
