/**
 * How much one peer may ask: the generic cell rate algorithm (ITU-T I.371), one number per peer. A quota of n messages
 * per t lets n through at once and one more every t/n after that.
 */
export interface Quota {
  readonly messages: number
  readonly perMs: number
}

/** Counts against a quota, per key. `now` is in milliseconds of any clock that never goes back. */
export class QuotaMeter {
  readonly #quota: Quota
  /** When each key's allowance is whole again. */
  readonly #whole = new Map<string, number>()

  constructor(quota: Quota) {
    this.#quota = quota
  }

  /** Whether `key` may send `cost` messages now; if so they are counted. */
  take(key: string, now: number, cost = 1): boolean {
    const { messages, perMs } = this.#quota
    const whole = Math.max(this.#whole.get(key) ?? now, now) + (cost * perMs) / messages
    if (whole - now > perMs) return false
    this.#whole.set(key, whole)
    return true
  }

  /** Drops every key whose allowance is whole; call it now and then, or gone peers stay for ever. */
  prune(now: number): void {
    for (const [key, whole] of this.#whole) if (whole <= now) this.#whole.delete(key)
  }
}
