/**
 * Who is there, and what they said last, as somebody has heard it. A peer has its own; of thousands that are simulated,
 * those who hear alike share one. So whoever asks says who it is and is left out, and no answer goes over all members.
 */
import type { Announcement, Presence } from '../../protocols/wire/announcements.ts'
import type { Start } from '../../src/averaging/session.ts'
import type { NetworkEvent, PeerKey } from '../kernel/ports.ts'
import { Muster } from './averaging/muster.ts'
import { type Held, HeldAdapters } from './held-adapters.ts'
import { contributes, isUnknown, type Member, mixingRound, standingIn, startsOf, withSaid } from './member.ts'

/** How many peers are at the same point of their lives. */
interface Stand {
  readonly at: Pick<Presence, 'round' | 'phase' | 'ready'>
  count: number
}

/** What rosters that hear the same event make of it: those who knew the same before know the same object after. */
export interface Made {
  before?: Member
  after?: Member
}

export class Roster {
  readonly #members = new Map<PeerKey, Member>()
  /** Heard, and not connected: they count as long as they are not silent for too long. */
  readonly #loose = new Set<PeerKey>()
  readonly #stands = new Map<string, Stand>()
  /** Peers by the round that they mix in. */
  readonly #sessions = new Map<number, number>()
  readonly #adapters = new HeldAdapters()
  /** By round, then by the digest that it began from: asked for at whatever is heard. */
  readonly #musters = new Map<number, Map<string, Muster>>()
  #reachable = 0
  /** Reachable, and have not said where they are. */
  #unknown = 0
  readonly #silenceMs: number

  /** `silenceMs`: silence after which a peer without a connection counts as gone. */
  constructor(silenceMs: number) {
    this.#silenceMs = silenceMs
  }

  /** False: nothing new. `made`: by others of the same event, and of all that they heard before. */
  hear(event: NetworkEvent, now: number, made: Made = {}): boolean {
    switch (event.type) {
      case 'joined': {
        const before = this.#members.get(event.peer)
        const fresh = before === undefined ? made.after : undefined
        const after = fresh ?? { said: [], ...before, connected: true, reachable: true, heardAt: now }
        if (before === undefined) made.after = after
        this.#set(event.peer, after)
        return true
      }
      case 'left':
        // What it said is void: it must speak again to count.
        this.#set(event.peer, undefined)
        return true
      case 'announced':
        return this.#note(event.author, event.announcement, now, made)
      case 'refused':
      case 'exchange':
        return false
    }
  }

  /** A connected peer can be reached, or not, and nobody was told. */
  reach(peer: PeerKey, reachable: boolean): void {
    const member = this.#members.get(peer)
    if (member?.connected && member.reachable !== reachable) this.#set(peer, { ...member, reachable })
  }

  /** Another roster that has heard the same. */
  copy(): Roster {
    const copy = new Roster(this.#silenceMs)
    copy.adopt(this, this.#members.keys())
    for (const [round, musters] of this.#musters) {
      for (const [digest, muster] of musters) copy.#musters.get(round)?.get(digest)?.arrivedAs(muster)
    }
    return copy
  }

  /** Takes over what another roster has heard of these peers. */
  adopt(other: Roster, peers: Iterable<PeerKey>): void {
    for (const peer of peers) this.#set(peer, other.#members.get(peer))
  }

  /** Everybody who was heard and has not gone. */
  peers(): PeerKey[] {
    return [...this.#members.keys()]
  }

  /** Live peers. */
  live(self: PeerKey, now: number): number {
    this.#forget(now)
    return this.#members.size - (this.#members.has(self) ? 1 : 0)
  }

  /** Live peers that have said that they are at such a point. */
  count(self: PeerKey, now: number, such: (at: Stand['at']) => boolean): number {
    this.#forget(now)
    let sum = 0
    for (const { at, count } of this.#stands.values()) if (such(at)) sum += count
    const own = this.#members.get(self)?.presence
    return own !== undefined && such(own) ? sum - 1 : sum
  }

  /** Has a live peer begun to average this round, and not come to its end? */
  averagingBegan(round: number, self: PeerKey, now: number): boolean {
    this.#forget(now)
    const own = mixingRound(this.#members.get(self)) === round ? 1 : 0
    return (this.#sessions.get(round) ?? 0) > own
  }

  /**
   * The newest global adapter that live peers hold; among several of one round the one that most hold. What is said of rounds
   * after `last` counts nothing: the number alone would take whoever believes it out of all that are left.
   */
  newest(self: PeerKey, now: number, last = Number.POSITIVE_INFINITY): Held | undefined {
    this.#forget(now)
    return this.#adapters.newest(self, last)
  }

  /**
   * Did this peer end `round` with another adapter than most? It could not average in time, and the others did. Whoever
   * counts itself to the smaller side must go over, so both sides count alike; of equal sides the lower digest stays.
   */
  hasStrayed(round: number, digest: string, self: PeerKey, now: number): boolean {
    this.#forget(now)
    return this.#adapters.mostHoldAnother(round, digest, self)
  }

  /** Those who are ready to average from this start, or take part. */
  muster({ round, startDigest }: Start): Muster {
    return this.#musters.get(round)?.get(startDigest) ?? new Muster()
  }

  /** Peers that are ready for the same round from another start. */
  otherwise({ round, startDigest }: Start, self: PeerKey): number {
    let sum = 0
    for (const [digest, muster] of this.#musters.get(round) ?? []) if (digest !== startDigest) sum += muster.ready(self)
    return sum
  }

  /** Can it be reached, as far as is known? */
  reaches(peer: PeerKey): boolean {
    return this.#members.get(peer)?.reachable ?? false
  }

  /** Other live peers that can be reached and are at such a point, in order. */
  peersAt(self: PeerKey, now: number, such: (at: Stand['at']) => boolean): PeerKey[] {
    this.#forget(now)
    const fits = ([peer, { reachable, presence }]: [PeerKey, Member]): boolean =>
      peer !== self && reachable && presence !== undefined && such(presence)
    return [...this.#members]
      .filter(fits)
      .map(([peer]) => peer)
      .sort()
  }

  /** Peers that can be reached. */
  reachable(self: PeerKey): number {
    return this.#reachable - (this.reaches(self) ? 1 : 0)
  }

  /** Of those, the ones that have not said where they are. */
  unknown(self: PeerKey): number {
    const member = this.#members.get(self)
    return this.#unknown - (member?.reachable && member.presence === undefined ? 1 : 0)
  }

  /** Whoever is not connected and has been silent for too long has gone. */
  #forget(now: number): void {
    if (this.#loose.size === 0) return
    for (const peer of this.#loose) {
      if (now - (this.#members.get(peer)?.heardAt ?? 0) >= this.#silenceMs) this.#set(peer, undefined)
    }
  }

  #note(author: PeerKey, announcement: Announcement, now: number, made: Made): boolean {
    const before = this.#members.get(author)
    // When a connected peer was heard last is of no account.
    if (before?.connected) {
      const after = made.before === before && made.after !== undefined ? made.after : withSaid(before, announcement)
      made.before = before
      made.after = after
      if (after !== before) this.#set(author, after)
      return after !== before
    }
    const member = before ?? { connected: false, reachable: false, heardAt: now, said: [] }
    const after = withSaid(member, announcement)
    this.#set(author, { ...after, heardAt: now })
    return after !== member || before === undefined
  }

  #set(peer: PeerKey, after: Member | undefined): void {
    const before = this.#members.get(peer)
    if (after === undefined) this.#members.delete(peer)
    else this.#members.set(peer, after)
    if (after === undefined || after.connected) this.#loose.delete(peer)
    else this.#loose.add(peer)
    if (before?.presence !== after?.presence) {
      this.#stand(before?.presence, -1)
      this.#stand(after?.presence, 1)
    }
    this.#adapters.update(peer, before, after)
    const [last, latest] = [mixingRound(before), mixingRound(after)]
    if (last !== latest) {
      this.#mix(last, -1)
      this.#mix(latest, 1)
    }
    this.#reachable += Number(after?.reachable ?? false) - Number(before?.reachable ?? false)
    this.#unknown += Number(isUnknown(after)) - Number(isUnknown(before))
    this.#enlist(peer, before, after)
  }

  #mix(round: number | undefined, sign: 1 | -1): void {
    if (round === undefined) return
    const count = (this.#sessions.get(round) ?? 0) + sign
    if (count === 0) this.#sessions.delete(round)
    else this.#sessions.set(round, count)
  }

  #stand(presence: Presence | undefined, sign: 1 | -1): void {
    if (presence === undefined) return
    const { round, phase, ready } = presence
    const key = `${round} ${phase} ${ready}`
    const stand = this.#stands.get(key) ?? { at: { round, phase, ready }, count: 0 }
    stand.count += sign
    if (stand.count === 0) this.#stands.delete(key)
    else this.#stands.set(key, stand)
  }

  /** Keeps the musters: only of those who can be reached. */
  #enlist(peer: PeerKey, before: Member | undefined, after: Member | undefined): void {
    const said = before?.said === after?.said && mixingRound(before) === mixingRound(after)
    const same = said && before?.reachable === after?.reachable
    if (same && !contributes(before?.presence) && !contributes(after?.presence)) return
    // Of a start that both have the standing is the same the second time.
    for (const start of startsOf(before)) this.#place(peer, start, after)
    for (const start of startsOf(after)) this.#place(peer, start, after)
  }

  #place(peer: PeerKey, start: Start, member: Member | undefined): void {
    const { round, startDigest } = start
    const musters = this.#musters.get(round) ?? new Map<string, Muster>()
    const muster = musters.get(startDigest) ?? new Muster()
    muster.put(peer, member === undefined ? undefined : standingIn(start, member))
    if (muster.empty) musters.delete(startDigest)
    else musters.set(startDigest, muster)
    if (musters.size === 0) this.#musters.delete(round)
    else this.#musters.set(round, musters)
  }
}
