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

  /** That others than `self` hold; among several of one round the one that most hold. */
  newest(self: PeerKey): Held | undefined {
    const [first] = this.#heldBy(self).sort(
      (a, b) => b.round - a.round || b.count - a.count || (a.digest < b.digest ? -1 : 1),
    )
    if (first === undefined) return undefined
    const { round, digest, peers } = first
    return { round, digest, holders: () => [...peers.keys()].filter((peer) => peer !== self).sort() }
  }

  /** Than the one of this digest, which `self` holds; of equal sides the lower digest counts as more. */
  mostHoldAnother(round: number, digest: string, self: PeerKey): boolean {
    const held = this.#heldBy(self).filter((adapter) => adapter.round === round)
    const own = 1 + (held.find((adapter) => adapter.digest === digest)?.count ?? 0)
    return held.some(
      ({ digest: other, count }) => other !== digest && (count > own || (count === own && other < digest)),
    )
  }

  /** By others than this one. */
  #heldBy(self: PeerKey) {
    return [...this.#adapters.values()].flatMap(({ round, digest, holders }) => {
      const count = holders.size - (holders.has(self) ? 1 : 0)
      return count === 0 ? [] : [{ round, digest, count, peers: holders }]
    })
  }

  /** Whoever begins a round holds the result of the one before. */
  #begin(peer: PeerKey, presence: Presence | undefined, sign: 1 | -1): void {
    if (presence !== undefined) this.#hold(peer, presence.round - 1, presence.digest, sign)
  }

  #hold(peer: PeerKey, round: number, digest: string, sign: 1 | -1): void {
    const key = `${round} ${digest}`
    const adapter = this.#adapters.get(key) ?? { round, digest, holders: new Map() }
    const times = (adapter.holders.get(peer) ?? 0) + sign
    if (times === 0) adapter.holders.delete(peer)
    else adapter.holders.set(peer, times)
    if (adapter.holders.size === 0) this.#adapters.delete(key)
    else this.#adapters.set(key, adapter)
  }
}
