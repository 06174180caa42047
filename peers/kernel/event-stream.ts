/** The one stream of what happens: publishers on one side, the log, the display and the report on the other. */
export interface EventStream<E> {
  publish(event: E): void
  /** Listeners are called in order of subscription, at once; returns the unsubscriber. */
  subscribe(listener: (event: E) => void): () => void
}

/** A listener that throws is reported to `onError` and disturbs neither the publisher nor the other listeners. */
export function createEventStream<E>(onError: (error: unknown) => void): EventStream<E> {
  const listeners = new Set<(event: E) => void>()
  return {
    publish(event) {
      for (const listener of listeners) {
        try {
          listener(event)
        } catch (error) {
          onError(error)
        }
      }
    },
    subscribe(listener) {
      // A fresh function, so that one listener subscribed twice is called twice and ends separately.
      const own = (event: E): void => listener(event)
      listeners.add(own)
      return () => listeners.delete(own)
    },
  }
}
