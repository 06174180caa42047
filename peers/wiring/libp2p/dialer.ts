/**
 * Keeps trying to reach every peer that we should be connected to: those given, for ever; those learnt from others,
 * until they are crowded out. libp2p gives up after a few tries; a federation has to outlast an outage of hours.
 */
import type { PeerKey } from '../../kernel/ports.ts'

const FIRST_MS = 500
const LONGEST_MS = 30_000
const TICK_MS = 100
const TARGETS = 256

interface Target {
  /** Unknown where an address without a peer id was given, until it has answered. */
  peer: PeerKey | undefined
  addresses: readonly string[]
  /** Where others say that it is, against what is known of the user or of itself. It may have moved. */
  elsewhere: readonly string[]
  readonly given: boolean
  /** Has it said itself where it is? */
  said: boolean
  /** Tries since it was last a member. */
  tries: number
  nextAt: number
  dialling: boolean
}

const untried = { elsewhere: [], tries: 0, nextAt: 0, dialling: false }

export interface DialerDeps {
  isMember(peer: PeerKey): boolean
  /** Dials and says hello; resolves to the peer's id, rejects if it did not join. */
  connect(addresses: readonly string[], signal: AbortSignal): Promise<PeerKey>
}

export class Dialer {
  readonly #deps: DialerDeps
  readonly #targets = new Map<string, Target>()
  readonly #stop = new AbortController()
  #tick: NodeJS.Timeout | undefined

  constructor(deps: DialerDeps) {
    this.#deps = deps
  }

  start(): void {
    this.#tick = setInterval(() => this.#dialDue(), TICK_MS)
    this.#dialDue()
  }

  stop(): void {
    clearInterval(this.#tick)
    this.#stop.abort()
  }

  /** An address that the user gave. */
  give(address: string): void {
    const peer = /\/p2p\/([A-Za-z0-9]+)$/.exec(address)?.[1]
    const before = this.#targets.get(peer ?? address)
    const addresses = [...(before?.addresses ?? []), address]
    this.#targets.set(peer ?? address, { ...untried, peer, addresses, given: true, said: false })
  }

  /** Addresses that a peer says of itself; the newest replace older ones, but none that the user gave. */
  learn(peer: PeerKey, addresses: readonly string[]): void {
    this.#note(peer, addresses, true)
  }

  /** Addresses of a peer that another one told us of: they replace nothing that it said itself. */
  hear(peer: PeerKey, addresses: readonly string[]): void {
    this.#note(peer, addresses, false)
  }

  /** `said`: by the peer itself. */
  #note(peer: PeerKey, addresses: readonly string[], said: boolean): void {
    if (addresses.length === 0) return
    const before = this.#targets.get(peer)
    if (before?.given || (before?.said && !said)) before.elsewhere = addresses
    else if (before !== undefined) Object.assign(before, { addresses, said })
    else if (this.#makeRoom()) this.#targets.set(peer, { ...untried, peer, addresses, given: false, said })
  }

  /** A learnt peer that has been out of reach for longest makes room; a reachable one does not. */
  #makeRoom(): boolean {
    if (this.#targets.size < TARGETS) return true
    const lost = [...this.#targets].filter(([, target]) => !target.given && target.tries > 0)
    const [longest] = lost.sort(([, a], [, b]) => b.tries - a.tries)
    return longest !== undefined && this.#targets.delete(longest[0])
  }

  #dialDue(): void {
    const now = performance.now()
    for (const target of this.#targets.values()) {
      if (target.peer !== undefined && this.#deps.isMember(target.peer)) target.tries = 0
      else if (!target.dialling && now >= target.nextAt) void this.#dial(target)
    }
  }

  async #dial(target: Target): Promise<void> {
    target.dialling = true
    try {
      target.peer = await this.#deps.connect(addressesOf(target), this.#stop.signal)
    } catch {
      // Whatever it was, it has been reported where it happened; here it only means: try again later.
    }
    target.nextAt = performance.now() + pauseMs(target.tries, Math.random())
    target.tries += 1
    target.dialling = false
  }
}

/** By turns, and not all in one dial: where nobody answers, one address can use up the time of the others. */
function addressesOf({ addresses, elsewhere, tries }: Target): readonly string[] {
  return elsewhere.length > 0 && tries % 2 === 1 ? elsewhere : addresses
}

/**
 * Milliseconds to the next try. `random` in [0, 1] takes off up to a half: peers that lost each other at the same moment
 * must not call each other at the same moment again and again.
 */
export function pauseMs(tries: number, random: number): number {
  return Math.min(FIRST_MS * 2 ** tries, LONGEST_MS) * (0.5 + random / 2)
}
