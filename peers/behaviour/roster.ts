/** Who is there, as this peer sees it: a plain reducer over network events, and the questions asked of it. */
import type { AdapterUpdate, Presence, SessionResult } from '../../protocols/wire/announcements.ts'
import type { NetworkEvent, PeerKey } from '../kernel/ports.ts'

/** A global adapter that someone holds: the result of `round` (0: the adapter everyone starts from). */
export interface Checkpoint {
  readonly round: number
  readonly digest: string
  readonly holders: readonly PeerKey[]
}

export interface Member {
  readonly name: string
  readonly connected: boolean
  /** When it was last heard; undefined once its connection broke and nothing came since. */
  readonly heardAt?: number
  readonly presence?: Presence
  readonly update?: AdapterUpdate
  readonly session?: SessionResult
}

export interface Roster {
  readonly members: ReadonlyMap<PeerKey, Member>
  /** Silence after which a peer without a connection counts as gone. */
  readonly silenceMs: number
}

export function createRoster(silenceMs: number): Roster {
  return { members: new Map(), silenceMs }
}

export function updateRoster(roster: Roster, event: NetworkEvent, now: number): Roster {
  const change = (peer: PeerKey, edit: (member: Member) => Member): Roster => {
    const before = roster.members.get(peer) ?? { name: peer, connected: false }
    return { ...roster, members: new Map(roster.members).set(peer, edit(before)) }
  }
  switch (event.type) {
    case 'joined':
      return change(event.peer, (member) => ({ ...member, name: event.name, connected: true, heardAt: now }))
    case 'left': {
      // Its announcements stand (its adapter may be held by others), but it must speak again to count as live.
      return change(event.peer, ({ heardAt: _, ...member }) => ({ ...member, connected: false }))
    }
    case 'announced': {
      const { announcement } = event
      if (announcement.type === 'presence') {
        const { name } = announcement
        return change(event.author, (member) => ({ ...member, name, heardAt: now, presence: announcement }))
      }
      if (announcement.type === 'update') {
        return change(event.author, (member) => ({ ...member, heardAt: now, update: announcement }))
      }
      return change(event.author, (member) => ({ ...member, heardAt: now, session: announcement }))
    }
    case 'refused':
    case 'exchange':
      return roster
  }
}

/** Peers that count now, by key. */
export function livePeers(roster: Roster, now: number): [PeerKey, Member][] {
  const fresh = (member: Member): boolean =>
    member.heardAt !== undefined && (member.connected || now - member.heardAt < roster.silenceMs)
  return [...roster.members].filter(([, member]) => fresh(member)).sort(([a], [b]) => (a < b ? -1 : 1))
}

/** Live peers that have said where they are. */
export function present(roster: Roster, now: number): [PeerKey, Presence][] {
  return livePeers(roster, now).flatMap(([key, { presence }]) => (presence === undefined ? [] : [[key, presence]]))
}

/** Phases of a peer that has an update for the round it is in, or will have one. */
const contributing = new Set(['generating', 'training', 'averaging'])

/** Live peers whose update for `round` is still to come. One that evaluates the round before is on its way here. */
export function unready(roster: Roster, round: number, now: number): PeerKey[] {
  return present(roster, now).flatMap(([key, presence]) => {
    const here = presence.round === round && contributing.has(presence.phase) && !presence.ready
    const coming = presence.round === round - 1 && (contributing.has(presence.phase) || presence.phase === 'evaluating')
    return here || coming ? [key] : []
  })
}

/** Has a live peer begun to average this round? Then whoever is ready joins it rather than to miss it. */
export function averagingBegan(roster: Roster, round: number, now: number): boolean {
  return livePeers(roster, now).some(([, { session }]) => session?.round === round)
}

/** Phases of a round in which it is too late to begin it. Those that still generate have hardly begun themselves. */
const advanced = new Set(['training', 'averaging', 'evaluating'])

/** Is a live peer well into this round? Then whoever comes now would hold it up. */
export function underWay(roster: Roster, round: number, now: number): boolean {
  return present(roster, now).some(([, presence]) => presence.round === round && advanced.has(presence.phase))
}

/** The newest global adapter that live peers hold; among several of one round the one that most hold. */
export function newestCheckpoint(roster: Roster, now: number): Checkpoint | undefined {
  return heldCheckpoints(roster, now).sort(
    (a, b) => b.round - a.round || b.holders.length - a.holders.length || (a.digest < b.digest ? -1 : 1),
  )[0]
}

/**
 * Did this peer end `round` with another adapter than most? It could not average in time, and the others did. Whoever
 * counts itself to the smaller side must go over, so both sides count alike; of equal sides the lower digest stays.
 */
export function hasStrayed(roster: Roster, round: number, digest: string, now: number): boolean {
  const held = heldCheckpoints(roster, now).filter((checkpoint) => checkpoint.round === round)
  const own = 1 + (held.find((checkpoint) => checkpoint.digest === digest)?.holders.length ?? 0)
  return held.some(
    ({ digest: other, holders }) =>
      other !== digest && (holders.length > own || (holders.length === own && other < digest)),
  )
}

function heldCheckpoints(roster: Roster, now: number): Checkpoint[] {
  const held = new Map<string, { round: number; digest: string; holders: Set<PeerKey> }>()
  const hold = (key: PeerKey, round: number, digest: string): void => {
    const id = `${round} ${digest}`
    const known = held.get(id)
    if (known === undefined) held.set(id, { round, digest, holders: new Set([key]) })
    else known.holders.add(key)
  }
  for (const [key, { presence, update }] of livePeers(roster, now)) {
    if (presence !== undefined) hold(key, presence.round - 1, presence.digest)
    if (update !== undefined) hold(key, update.round, update.digest)
  }
  return [...held.values()].map(({ round, digest, holders }) => ({ round, digest, holders: [...holders] }))
}
