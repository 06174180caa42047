/** Watches a node's raw connections: how many bytes they carry, and whether the other side is still alive. */
import type { AbortOptions, ConnectionProtector, MultiaddrConnection } from '@libp2p/interface'

/** Pings go out every few seconds (node.ts), so a living peer is never silent for this long. */
const SILENCE_MS = 8_000
const TICK_MS = 500

export class ConnectionWatch {
  /** Bytes with encryption and framing, without TCP/IP headers. */
  readonly traffic = { sent: 0, received: 0 }
  readonly #heardAt = new Map<MultiaddrConnection, number>()
  #tick: NodeJS.Timeout | undefined

  /**
   * Aborts connections on which nothing comes any more. libp2p's own monitor aborts on a ping that takes too long, but
   * on a slow line a ping waits behind an adapter; any byte that comes is as good a sign of life.
   */
  start(): void {
    let before = performance.now()
    this.#tick = setInterval(() => {
      const now = performance.now()
      // This process was held up itself, perhaps suspended: what came meanwhile is still to be read.
      if (now - before > 4 * TICK_MS) for (const connection of this.#heardAt.keys()) this.#heardAt.set(connection, now)
      before = now
      for (const [connection, heardAt] of this.#heardAt) {
        if (now - heardAt > SILENCE_MS) connection.abort(new Error(`Nothing came for ${SILENCE_MS} ms`))
      }
    }, TICK_MS)
  }

  stop(): void {
    clearInterval(this.#tick)
  }

  /**
   * A connection protector is what libp2p shows every raw connection to first, so it is where they are watched; `inner`
   * then protects the connection.
   */
  protector(inner: ConnectionProtector): ConnectionProtector {
    return {
      protect: async (connection: MultiaddrConnection, options?: AbortOptions) => {
        this.#watch(connection)
        return inner.protect(connection, options)
      },
    }
  }

  #watch(connection: MultiaddrConnection): void {
    this.#heardAt.set(connection, performance.now())
    connection.addEventListener('close', () => this.#heardAt.delete(connection))
    const send = connection.send.bind(connection)
    connection.send = (data) => {
      this.traffic.sent += data.byteLength
      return send(data)
    }
    // Not by a listener: the first listener of a stream sets its data flowing, before the one it is meant for is there.
    const dispatch = connection.dispatchEvent.bind(connection)
    connection.dispatchEvent = (event: Event & { data?: { byteLength: number } }) => {
      if (event.type === 'message') {
        this.traffic.received += event.data?.byteLength ?? 0
        if (this.#heardAt.has(connection)) this.#heardAt.set(connection, performance.now())
      }
      return dispatch(event)
    }
  }
}
