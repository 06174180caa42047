/**
 * Tells a replayed gossip message from a new one by its author's signed sequence number, which begins with the time at
 * which the author's process started and grows with every message. Copies come over several paths and out of order, so
 * a window of numbers is kept, as in IPsec (RFC 4303, section 3.4.3).
 */
const WINDOW = 128
const AUTHORS = 1024

interface Author {
  /** Unix milliseconds. */
  readonly started: number
  /** Nothing up to this number is new. */
  floor: bigint
  /** Numbers above the floor that have been seen. */
  readonly seen: Set<bigint>
}

export class ReplayGuard {
  readonly #authors = new Map<string, Author>()

  /** Takes messages of `author` from now on; what its earlier processes signed, before `started` (ms), is a replay. */
  admit(author: string, started: number): void {
    if (this.#authors.get(author)?.started === started) return
    this.#authors.delete(author)
    this.#authors.set(author, { started, floor: BigInt(started) * 1_000_000n, seen: new Set() })
    const oldest = this.#authors.keys().next()
    if (this.#authors.size > AUTHORS && !oldest.done) this.#authors.delete(oldest.value)
  }

  knows(author: string): boolean {
    return this.#authors.has(author)
  }

  /** Whether an admitted author says this for the first time; it is remembered. */
  isNew(author: string, sequence: bigint): boolean {
    const known = this.#authors.get(author)
    if (known === undefined || sequence <= known.floor || known.seen.has(sequence)) return false
    known.seen.add(sequence)
    if (known.seen.size > WINDOW) {
      known.floor = [...known.seen].reduce((a, b) => (a < b ? a : b))
      known.seen.delete(known.floor)
    }
    return true
  }
}
