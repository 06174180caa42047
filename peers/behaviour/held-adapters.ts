/** Which global adapters the peers of a roster hold, by what they say: counted as it is heard. */
import type { Presence } from '../../protocols/wire/announcements.ts'
import type { PeerKey } from '../kernel/ports.ts'
import type { Member } from './member.ts'

/** A global adapter that someone holds: the result of `round` (0: the adapter everyone starts from). */
export interface Checkpoint {
  readonly round: number
  readonly digest: string
  readonly holders: readonly PeerKey[]
}

/** The same, before anybody asked who they are. */
export interface Held {
  readonly round: number
  readonly digest: string
  holders(): PeerKey[]
}

interface Adapter {
  readonly round: number
  readonly digest: string
  /** How often each peer says so. */
  readonly holders: Map<PeerKey, number>
}

type Said = Pick<Member, 'presence' | 'update'> | undefined

export class HeldAdapters {
  readonly #adapters = new Map<string, Adapter>()

  /** What `peer` says now, in place of what it said before; undefined: it is not there. */
  update(peer: PeerKey, before: Said, after: Said): void {
    const [old, now] = [before?.presence, after?.presence]
    if (old?.digest !== now?.digest || old?.round !== now?.round) {
      this.#begin(peer, old, -1)
      this.#begin(peer, now, 1)
    }
    if (before?.update !== after?.update) {
      if (before?.update !== undefined) this.#hold(peer, before.update.round, before.update.digest, -1)
      if (after?.update !== undefined) this.#hold(peer, after.update.round, after.update.digest, 1)
    }
  }

  /** That others than `self` hold; among several of one round the one that most hold. None is of a round after `last`. */
  newest(self: PeerKey, last: number): Held | undefined {
    let first: Adapter | undefined
    let most = 0
    for (const adapter of this.#adapters.values()) {
      const count = heldByOthers(adapter, self)
      if (adapter.round > last || count === 0 || (first !== undefined && !precedes(adapter, count, first, most)))
        continue
      first = adapter
      most = count
    }
    if (first === undefined) return undefined
    const { round, digest, holders } = first
    return { round, digest, holders: () => [...holders.keys()].filter((peer) => peer !== self).sort() }
  }

  /** Than the one of this digest, which `self` holds; of equal sides the lower digest counts as more. */
  mostHoldAnother(round: number, digest: string, self: PeerKey): boolean {
    const same = this.#adapters.get(keyOf(round, digest))
    const own = 1 + (same === undefined ? 0 : heldByOthers(same, self))
    for (const adapter of this.#adapters.values()) {
      if (adapter.round !== round || adapter.digest === digest) continue
      const count = heldByOthers(adapter, self)
      if (count > own || (count > 0 && count === own && adapter.digest < digest)) return true
    }
    return false
  }

  /** Whoever begins a round holds the result of the one before. */
  #begin(peer: PeerKey, presence: Presence | undefined, sign: 1 | -1): void {
    if (presence !== undefined) this.#hold(peer, presence.round - 1, presence.digest, sign)
  }

  #hold(peer: PeerKey, round: number, digest: string, sign: 1 | -1): void {
    const key = keyOf(round, digest)
    const adapter = this.#adapters.get(key) ?? { round, digest, holders: new Map() }
    const times = (adapter.holders.get(peer) ?? 0) + sign
    if (times === 0) adapter.holders.delete(peer)
    else adapter.holders.set(peer, times)
    if (adapter.holders.size === 0) this.#adapters.delete(key)
    else this.#adapters.set(key, adapter)
  }
}

const keyOf = (round: number, digest: string): string => `${round} ${digest}`

const heldByOthers = ({ holders }: Adapter, self: PeerKey): number => holders.size - (holders.has(self) ? 1 : 0)

function precedes(a: Adapter, count: number, b: Adapter, other: number): boolean {
  if (a.round !== b.round) return a.round > b.round
  return count !== other ? count > other : a.digest < b.digest
}
