/**
 * Those who are there for one averaging: everybody who is ready for a round from the same start, or takes part in it, and
 * how far each has come. Kept as counts, because every peer asks again at whatever it hears; whoever asks is left out.
 */
import type { SessionResult } from '../../../protocols/wire/announcements.ts'
import type { Member } from '../../../src/averaging/session.ts'
import type { PeerKey } from '../../kernel/ports.ts'

/** What one peer has said that bears on this averaging. */
export interface Standing {
  /** Ready, with so many examples to its name. */
  readonly examples?: number | undefined
  /** Of the topology that it would mix over. */
  readonly edition?: string | undefined
  /** Takes part: in what it calls this session. What it mixed and settled on counts once it does. */
  readonly session?: string | undefined
  /** Sketch of the update that it brings. */
  readonly update?: readonly number[] | undefined
  readonly brought?: SessionResult | undefined
  readonly mixed?: SessionResult | undefined
  readonly settled?: SessionResult | undefined
  /** Has gone on: what it holds can be had, and nothing more is to be waited for. */
  readonly ended?: boolean | undefined
}

/** A state that a peer says it holds. */
export interface Claim {
  readonly peer: PeerKey
  readonly digest: string
  readonly sketch: readonly number[]
  /** After so many passes. */
  readonly passes: number
}

type Rests = 'ready' | 'joined' | 'mixed'

export class Muster {
  readonly #standings = new Map<PeerKey, Standing>()
  readonly #arrivals: PeerKey[] = []
  #ready = 0
  #joined = 0
  /** Take part and are not ready, as far as is known. */
  #strays = 0
  /** Those who are ready and take part, by what they call the session. */
  readonly #named = new Map<string, number>()
  /** Those who take part and have not gone on, by the passes that they have mixed. */
  readonly #passes: number[] = []
  readonly #mixed = new Map<string, Set<PeerKey>>()
  readonly #settled = new Map<string, Set<PeerKey>>()
  readonly #known = {
    ready: new Map<string, unknown>(),
    joined: new Map<string, unknown>(),
    mixed: new Map<string, unknown>(),
  }

  /** Undefined: the peer has gone, or has nothing to do with it any more. */
  put(peer: PeerKey, after: Standing | undefined): void {
    const before = this.#standings.get(peer)
    if (before !== undefined && after !== undefined && isSame(before, after)) return
    if (after === undefined) this.#standings.delete(peer)
    else this.#standings.set(peer, after)
    const same = before?.examples === after?.examples && before?.edition === after?.edition
    if (!same) this.#known.ready.clear()
    if (!same || before?.session !== after?.session || before?.update !== after?.update) this.#known.joined.clear()
    if (before?.mixed !== after?.mixed || before?.session !== after?.session) this.#known.mixed.clear()
    if (after?.session !== undefined && before?.session === undefined) this.#arrivals.push(peer)
    this.#count(peer, before, -1)
    this.#count(peer, after, 1)
  }

  get empty(): boolean {
    return this.#standings.size === 0
  }

  /** Standing of a peer. */
  of(peer: PeerKey): Standing | undefined {
    return this.#standings.get(peer)
  }

  /** Peers that are ready. */
  ready(self: PeerKey): number {
    return this.#ready - (this.of(self)?.examples === undefined ? 0 : 1)
  }

  /** Peers that take part without having said, as far as was heard, that they are ready. */
  strays(self: PeerKey): number {
    return this.#strays - (isStray(this.of(self)) ? 1 : 0)
  }

  /** Peers that are ready and call the session this. */
  naming(session: string, self: PeerKey): number {
    return (this.#named.get(session) ?? 0) - (namedBy(this.of(self)) === session ? 1 : 0)
  }

  /** Peers that are ready and take part, whatever they call the session. */
  takingPart(self: PeerKey): number {
    let sum = namedBy(this.of(self)) === undefined ? 0 : -1
    for (const count of this.#named.values()) sum += count
    return sum
  }

  /** Everybody who is ready, in order; the same list until that changes. */
  allReady(): readonly Member[] {
    return this.once('ready', 'list', () => this.#membersWhere(({ examples }) => examples !== undefined))
  }

  /** Everybody who is ready and takes part, in order. */
  allTakingPart(): readonly Member[] {
    return this.once('joined', 'list', () => this.#membersWhere((standing) => namedBy(standing) !== undefined))
  }

  /** Peers that have so far said that they take part: a mark in time for `members` and `votes`. */
  get arrivals(): number {
    return this.#arrivals.length
  }

  /** Peers that took part by then and still do. */
  members(self: PeerKey, until: number): number {
    return this.#joined - this.#besides(self, until).length
  }

  /** Of the `members`, those who have gone on with another result than this, and will take no other. */
  endedOtherwise(digest: string, self: PeerKey, until: number): number {
    const others = [...this.#settled].filter(([other]) => other !== digest).flatMap(([, peers]) => [...peers])
    if (others.length === 0) return 0
    const away = new Set(this.#besides(self, until))
    return others.filter((peer) => this.of(peer)?.ended && !away.has(peer)).length
  }

  /** How many of those have settled on each result. */
  votes(self: PeerKey, until: number): ReadonlyMap<string, number> {
    const votes = new Map([...this.#settled].map(([digest, peers]) => [digest, peers.size]))
    for (const peer of this.#besides(self, until)) {
      const digest = this.of(peer)?.settled?.digest
      if (digest === undefined) continue
      const left = (votes.get(digest) ?? 0) - 1
      if (left > 0) votes.set(digest, left)
      else votes.delete(digest)
    }
    return votes
  }

  /** Peers that take part and have mixed fewer passes than this; those named are not waited for. */
  behind(passes: number, self: PeerKey, silent: ReadonlySet<PeerKey>): number {
    let sum = 0
    for (let p = 0; p < Math.min(passes, this.#passes.length); p++) sum += this.#passes[p] ?? 0
    const isBehind = (peer: PeerKey): boolean => {
      const standing = this.of(peer)
      return standing?.session !== undefined && !standing.ended && (standing.mixed?.mixed ?? 0) < passes
    }
    if (isBehind(self)) sum -= 1
    for (const peer of silent) if (peer !== self && isBehind(peer)) sum -= 1
    return sum
  }

  /** Sketches of the updates that those bring who take part, by peer. */
  updates(): ReadonlyMap<PeerKey, readonly number[]> {
    return this.once('joined', 'updates', () => {
      const updates = [...this.#standings].flatMap(([peer, { session, update }]) =>
        session === undefined || update === undefined ? [] : [[peer, update] as const],
      )
      return new Map(updates.sort(([a], [b]) => (a < b ? -1 : 1)))
    })
  }

  /** States mixed by those who took part by then, by digest. */
  claims(self: PeerKey, until: number): Claim[] {
    const away = new Set(this.#besides(self, until))
    return this.allMixed().filter(({ peer }) => !away.has(peer))
  }

  /** States that anybody mixed, by digest; the same list until that changes. */
  allMixed(): readonly Claim[] {
    return this.once('mixed', 'list', () => {
      const claims: Claim[] = []
      for (const [peer, { session, mixed }] of this.#standings) {
        if (session === undefined || mixed === undefined) continue
        claims.push({ peer, digest: mixed.digest, sketch: mixed.sketch, passes: mixed.mixed })
      }
      return claims.sort((a, b) => (a.digest < b.digest ? -1 : a.digest > b.digest ? 1 : a.peer < b.peer ? -1 : 1))
    })
  }

  /** Of those, the ones that were mixed in this session. */
  mixedIn(session: string): readonly Claim[] {
    return this.once('mixed', `list of ${session}`, () =>
      this.allMixed().filter(({ peer }) => this.of(peer)?.mixed?.session === session),
    )
  }

  /** Those who hold a state: who settled on it first, then who mixed it. */
  *holders(digest: string): Iterable<PeerKey> {
    yield* this.#settled.get(digest) ?? []
    yield* this.#mixed.get(digest) ?? []
  }

  /** What somebody who has settled calls the session. */
  settledIn(): string | undefined {
    for (const peers of this.#settled.values()) for (const peer of peers) return this.of(peer)?.settled?.session
    return undefined
  }

  /** A copy of this one: what was marked in the time of the other stays marked. */
  arrivedAs(other: Muster): void {
    this.#arrivals.splice(0, this.#arrivals.length, ...other.#arrivals)
  }

  /** Works something out once for all who ask, until what it rests on changes. */
  once<T>(rests: Rests, what: string, work: () => T): T {
    const known = this.#known[rests]
    if (!known.has(what)) known.set(what, work())
    return known.get(what) as T
  }

  /** This peer, and those who came later, as far as they take part. */
  #besides(self: PeerKey, until: number): PeerKey[] {
    const takesPart = (peer: PeerKey): boolean => this.of(peer)?.session !== undefined
    if (until >= this.#arrivals.length) return takesPart(self) ? [self] : []
    return [...new Set([self, ...this.#arrivals.slice(until)])].filter(takesPart)
  }

  #membersWhere(fits: (standing: Standing) => boolean): readonly Member[] {
    const members: Member[] = []
    for (const [peer, standing] of this.#standings) {
      if (fits(standing)) members.push({ peer, examples: standing.examples ?? 0, edition: standing.edition })
    }
    return members.sort((a, b) => (a.peer < b.peer ? -1 : 1))
  }

  #count(peer: PeerKey, standing: Standing | undefined, sign: 1 | -1): void {
    if (standing === undefined) return
    const { examples, session, mixed, settled } = standing
    if (examples !== undefined) this.#ready += sign
    if (session === undefined) return
    this.#joined += sign
    const named = namedBy(standing)
    if (named !== undefined) add(this.#named, named, sign)
    else if (!standing.ended) this.#strays += sign
    if (!standing.ended) {
      const passes = mixed?.mixed ?? 0
      this.#passes[passes] = (this.#passes[passes] ?? 0) + sign
    }
    if (mixed !== undefined) enrol(this.#mixed, mixed.digest, peer, sign)
    if (settled !== undefined) enrol(this.#settled, settled.digest, peer, sign)
  }
}

/** The session as a peer calls it that is ready and takes part. */
const namedBy = (standing: Standing | undefined): string | undefined =>
  standing?.examples === undefined ? undefined : standing.session

const isStray = (standing: Standing | undefined): boolean =>
  standing?.session !== undefined && standing.examples === undefined && !standing.ended

function isSame(a: Standing, b: Standing): boolean {
  const ready = a.examples === b.examples && a.edition === b.edition
  const within = a.session === b.session && a.update === b.update && a.brought === b.brought
  return ready && within && a.mixed === b.mixed && a.settled === b.settled && a.ended === b.ended
}

function add(counts: Map<string, number>, key: string, sign: 1 | -1): void {
  const sum = (counts.get(key) ?? 0) + sign
  if (sum === 0) counts.delete(key)
  else counts.set(key, sum)
}

function enrol(peers: Map<string, Set<PeerKey>>, key: string, peer: PeerKey, sign: 1 | -1): void {
  const some = peers.get(key) ?? new Set()
  peers.set(key, some)
  if (sign === 1) some.add(peer)
  else some.delete(peer)
  if (some.size === 0) peers.delete(key)
}
