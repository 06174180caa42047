/**
 * Who mixes with whom. There is no vote and no coordinator: every peer names the session that it sees, and goes on as
 * soon as all members of that session name it too.
 */

import { edge, type Round, type Topology } from '../../../src/averaging/schedule.ts'
import {
  type Member,
  matchingId,
  rosterFreePairs,
  type Start,
  sessionAgain,
  sessionId,
  sessionOrder,
} from '../../../src/averaging/session.ts'
import { shares, strongest } from '../../../src/averaging/weighted.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import type { Board } from './board.ts'

export interface Agreement extends Start {
  readonly session: string
  /** In the order of the schedule; this peer is among them. */
  readonly order: readonly PeerKey[]
  readonly rounds: readonly Round[]
  /** This peer's weight, at most 1. */
  readonly share: number
}

export interface AgreementInput extends Start {
  readonly self: Member
  readonly topology: Topology
  /** Sessions that this peer has been in before, and can be in no more (EX-13). */
  readonly hasBegun: (session: string) => boolean
  /** Until then everyone who is ready is waited for; after it only who takes part, and after the second time nobody. */
  readonly times: readonly [everyone: number, present: number]
}

/** Undefined: the others are in a session in which this peer was before, and begin no other with it. */
export async function agree(input: AgreementInput, board: Board, signal: AbortSignal): Promise<Agreement | undefined> {
  const { self, round, topology, hasBegun } = input
  let members: Member[] = []
  let session = ''
  /** What this session is called, by how often it was begun before. */
  const names = (): string[] => {
    const first = sessionId(input, topology.name, members)
    return beginnings.map((before) => sessionAgain(first, before))
  }
  /** The first in which nobody was before, as far as they say. */
  const nameOf = (ready: readonly Member[]): string => {
    const all = names()
    const said = ready.map(({ peer }) => all.indexOf(board.said(peer, round, 'joined')?.session ?? ''))
    const own = all.findIndex((name) => !hasBegun(name))
    return all[Math.max(own, ...said)] as string
  }
  const look = (ready: readonly Member[]): boolean => {
    members = [self, ...ready]
    const seen = nameOf(ready)
    if (seen !== session) {
      session = seen
      board.say(joined(input, session))
    }
    return ready.every(({ peer }) => board.said(peer, round, 'joined')?.session === session)
  }
  const takingPart = (): Member[] =>
    board.contributors(input).filter(({ peer }) => board.said(peer, round, 'joined') !== undefined)

  // A session of one is no agreement while somebody is connected, who may only not have been heard yet.
  const together = (ready: readonly Member[]): boolean => look(ready) && (ready.length > 0 || board.alone())
  const [everyone, present] = input.times
  const agreed =
    (await board.until(
      () => together(board.contributors(input)) && board.unknown(input).length === 0,
      everyone,
      signal,
    )) || (await board.until(() => together(takingPart()), present, signal))
  const order = sessionOrder(
    session,
    members.map(({ peer }) => peer),
  )
  const share = shares(members.map(({ examples }) => examples))[0] ?? 1
  if (members.length > 1 && hasBegun(session)) return undefined
  if (agreed || members.length < 2) {
    return { ...input, session, order, share, rounds: topology.rounds(order.length, session) }
  }
  const matching = rosterFree(input, members, order)
  if ([...names(), matching.session].some(hasBegun)) return undefined
  return { ...input, share, order, ...matching }
}

/** A ledger remembers four sessions, so one of five is always new to it. */
const beginnings = [0, 1, 2, 3, 4]

/** Rosters differ to the end: pairs that both ends can work out from what they see. */
function rosterFree(start: Start, members: readonly Member[], order: readonly PeerKey[]) {
  const session = matchingId(start, strongest(members.map(({ examples }) => examples)))
  const rounds = Array.from({ length: matchingRounds }, (_, mixing) =>
    rosterFreePairs(`${session} ${mixing}`, order).map(([a, b]) => edge(order.indexOf(a), order.indexOf(b), 1, 2)),
  )
  return { session, rounds }
}

/** Live matching leaves about 0.7 of the disagreement a round. */
const matchingRounds = 8

const joined = ({ round, startDigest }: Start, session: string) =>
  ({ type: 'session', session, round, stage: 'joined', mixed: 0, digest: startDigest, bytes: 0, sketch: [] }) as const
