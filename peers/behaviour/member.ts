/** What is known of one peer: whether it can be reached, and what it said last. Pure; the roster keeps one for each. */
import type {
  AdapterUpdate,
  Announcement,
  Presence,
  SessionResult,
  SessionStage,
} from '../../protocols/wire/announcements.ts'
import type { Start } from '../../src/averaging/session.ts'
import type { Standing } from './averaging/muster.ts'

export interface Member {
  readonly connected: boolean
  /** False while nothing gets through, although no connection was seen to break. */
  readonly reachable: boolean
  readonly heardAt: number
  readonly presence?: Presence
  readonly update?: AdapterUpdate
  /** Of its sessions, the newest last. */
  readonly said: readonly SessionResult[]
}

/** Kept per peer: the stages of this round and the last. */
const keptPerPeer = 8

export const isUnknown = (member: Member | undefined): boolean =>
  member?.reachable === true && member.presence === undefined
export const contributes = (presence: Presence | undefined): boolean =>
  presence?.ready === true && presence.examples > 0

/** What was said once more, or earlier and came later, changes nothing. */
export function withSaid(member: Member, announcement: Announcement): Member {
  switch (announcement.type) {
    case 'presence':
      return isSamePresence(member.presence, announcement) ? member : { ...member, presence: announcement }
    case 'update': {
      const { update } = member
      const same = update?.round === announcement.round && update.digest === announcement.digest
      return same ? member : { ...member, update: announcement }
    }
    case 'session': {
      const { said } = member
      const last = saidAt(said, announcement.round, announcement.stage)
      const again = last?.digest === announcement.digest && last.session === announcement.session
      if (last !== undefined && (last.mixed > announcement.mixed || (last.mixed === announcement.mixed && again)))
        return member
      return { ...member, said: [...said.filter((one) => one !== last), announcement].slice(-keptPerPeer) }
    }
  }
}

export function isSamePresence(a: Presence | undefined, b: Presence): boolean {
  if (a === b) return true
  const alike = a?.round === b.round && a.phase === b.phase && a.ready === b.ready
  return alike && a.digest === b.digest && a.examples === b.examples && a.name === b.name && a.edition === b.edition
}

/** Phases of a peer that has its round's result. */
export const mixedPhases = new Set(['personalising', 'evaluating'])

/** Has it come to the end of this round's averaging, as far as is known? */
const hasEnded = (round: number, { round: now, phase }: Presence): boolean =>
  now > round || (now === round && mixedPhases.has(phase))

/** The round that it mixes in: it has said so, and does so still. */
export function mixingRound(member: Member | undefined): number | undefined {
  const [last, presence] = [member?.said.at(-1)?.round, member?.presence]
  return last !== undefined && presence !== undefined && hasEnded(last, presence) ? undefined : last
}

export function startsOf(member: Member | undefined): Start[] {
  if (member === undefined || !member.reachable) return []
  const { presence, said } = member
  const starts: Start[] = []
  for (const { stage, round, digest } of said) if (stage === 'joined') starts.push({ round, startDigest: digest })
  if (presence !== undefined && contributes(presence))
    starts.push({ round: presence.round, startDigest: presence.digest })
  return starts
}

export function standingIn(start: Start, { presence, said, reachable }: Member): Standing | undefined {
  if (!reachable) return undefined
  const { round, startDigest } = start
  const ready = contributes(presence) && presence?.round === round && presence.digest === startDigest
  const bringing = ready ? { examples: presence.examples, edition: presence.edition } : undefined
  const joined = saidAt(said, round, 'joined')
  if (joined?.digest !== startDigest) return bringing
  const [brought, mixed] = [saidAt(said, round, 'brought'), saidAt(said, round, 'mixed')]
  const { session, sketch: update } = joined
  const ended = presence !== undefined && hasEnded(round, presence)
  return { ...bringing, session, update, brought, mixed, settled: saidAt(said, round, 'settled'), ended }
}

function saidAt(said: Member['said'], round: number, stage: SessionStage): SessionResult | undefined {
  for (const one of said) if (one.stage === stage && one.round === round) return one
  return undefined
}
