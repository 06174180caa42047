/** How messages fare on links of one process: a seed makes them be lost, come twice, come late and out of order. */
import type { Random } from '../../src/core/random.ts'

export interface LinkOptions {
  /** Milliseconds on the way: at least this, plus a random part. Unequal delays reorder. */
  readonly delayMs: number
  readonly jitterMs: number
  /** Shares of messages; half of the lost ones arrive, and only their sender believes them lost. */
  readonly loss: number
  readonly duplication: number
  /** Share of copies that are held back for up to `heldBack` times the longest way. Absent: none are. */
  readonly reordering?: number
  /** Bytes a second that a peer can send, one message after the other. Absent: without limit. */
  readonly bytesPerSecond?: number
}

export const calmLinks: LinkOptions = { delayMs: 5, jitterMs: 5, loss: 0, duplication: 0 }

const heldBack = 10

export interface Journey {
  /** Milliseconds after which the copies arrive; the last is the one that its sender hears of. */
  readonly arrivals: readonly number[]
  /** The sender believes that it did not arrive. */
  readonly lost: boolean
  /** When the sender knows. */
  readonly knownAfterMs: number
}

export function drawJourney(links: LinkOptions, random: Random): Journey {
  const lost = random.next() < links.loss
  const arrives = !lost || random.next() < 0.5
  const twice = random.next() < links.duplication
  const first = arrives && twice ? [drawWay(links, random)] : []
  const knownAfterMs = drawWay(links, random)
  return { arrivals: arrives ? [...first, knownAfterMs] : [], lost, knownAfterMs }
}

/** Milliseconds that one copy is on its way. */
export function drawWay({ delayMs, jitterMs, reordering = 0 }: LinkOptions, random: Random): number {
  const way = delayMs + random.next() * jitterMs
  if (reordering === 0 || random.next() >= reordering) return way
  return way + random.next() * heldBack * (delayMs + jitterMs)
}

/** What leaves a peer, one message after the other. */
export interface Uplink {
  /** Milliseconds from now until these bytes have left. */
  send(bytes: number, now: number, bytesPerSecond: number | undefined): number
}

export function createUplink(): Uplink {
  let freeAt = 0
  return {
    send(bytes, now, bytesPerSecond) {
      if (bytesPerSecond === undefined) return 0
      freeAt = Math.max(now, freeAt) + (1000 * bytes) / bytesPerSecond
      return freeAt - now
    },
  }
}
