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
  /** Until then everyone who is ready is waited for; after it only who takes part, and after the second time nobody. */
  readonly times: readonly [everyone: number, present: number]
}

export async function agree(input: AgreementInput, board: Board, signal: AbortSignal): Promise<Agreement> {
  const { self, round, topology } = input
  let members: Member[] = []
  let session = ''
  const look = (ready: readonly Member[]): boolean => {
    members = [self, ...ready]
    const seen = sessionId(input, topology.name, members)
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
  if (agreed || members.length < 2) {
    return { ...input, session, order, share, rounds: topology.rounds(order.length, session) }
  }
  return { ...input, share, order, ...rosterFree(input, members, order) }
}

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
