/** Hands every event to every listener, in order, at once. */
import type { NetworkEvent } from '../../kernel/ports.ts'

export class NetworkEvents {
  readonly #listeners = new Set<(event: NetworkEvent) => void>()

  /** Returns the unsubscriber. */
  readonly subscribe = (listener: (event: NetworkEvent) => void): (() => void) => {
    this.#listeners.add(listener)
    return () => this.#listeners.delete(listener)
  }

  readonly emit = (event: NetworkEvent): void => {
    for (const listener of this.#listeners) listener(event)
  }
}
