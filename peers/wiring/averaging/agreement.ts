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
import { randomMatching } from '../../../src/averaging/topologies/random-cliques.ts'
import { shares, strongest } from '../../../src/averaging/weighted.ts'
import type { Muster } from '../../behaviour/averaging/muster.ts'
import type { PeerKey } from '../../kernel/ports.ts'
import type { Board } from './board.ts'
import { type Plan, type Plans, planOf } from './plans.ts'

export interface Agreement extends Start {
  readonly session: string
  /** With whom; this peer is among them. */
  readonly plan: Plan
  /** Members that have read another graph than this peer. */
  readonly elsewhere: readonly PeerKey[]
}

export interface AgreementInput extends Start {
  readonly self: Member
  /** Sketch of what this peer brings: its update. */
  readonly update: readonly number[]
  readonly topology: Topology
  /** Do all members count alike, whatever they say of their examples? */
  readonly alike: boolean
  /** Sessions that this peer has been in before, and can be in no more (EX-13). */
  readonly hasBegun: (session: string) => boolean
  /** Until then everyone who is ready is waited for; after it only who takes part, and after the second time nobody. */
  readonly times: readonly [everyone: number, present: number]
}

export interface AgreementParts {
  readonly board: Board
  readonly plans: Plans
}

/** Undefined: the others are in a session in which this peer was before, and begin no other with it. */
export async function agree(
  input: AgreementInput,
  { board, plans }: AgreementParts,
  signal: AbortSignal,
): Promise<Agreement | undefined> {
  const { self, hasBegun } = input
  const { peer } = self
  let members: readonly Member[] = [self]
  let names: readonly string[] = []
  let elsewhere: readonly PeerKey[] = []
  let topology = input.topology
  let session = ''
  /** Names the session of these, and tells the others. So many more should name it alike: do they? */
  const look = (muster: Muster, seen: Seen, others: number): boolean => {
    ;({ members, names, elsewhere, topology } = seen)
    // The first in which nobody was before, as far as they say.
    const own = names.findIndex((name) => !hasBegun(name))
    const said = names.findLastIndex((name) => muster.naming(name, peer) > 0)
    const name = names[Math.max(own, said)] as string
    if (name !== session) {
      session = name
      board.say(joined(input, session))
    }
    return muster.naming(session, peer) === others
  }
  // A session of one is no agreement while somebody is connected, who may only not have been heard yet.
  const together = (muster: Muster, seen: Seen, others: number): boolean =>
    look(muster, seen, others) && (others > 0 || board.alone())
  const everyone = (): boolean => {
    const muster = board.muster(input)
    const all = together(muster, seenIn('ready', input, muster), muster.ready(peer))
    return all && board.unknown() + muster.strays(peer) === 0
  }
  const present = (): boolean => {
    const muster = board.muster(input)
    return together(muster, seenIn('joined', input, muster), muster.takingPart(peer))
  }

  const agreed =
    (await board.until(everyone, input.times[0], signal)) || (await board.until(present, input.times[1], signal))
  if (members.length > 1 && hasBegun(session)) return undefined
  const order = (): PeerKey[] =>
    sessionOrder(
      session,
      members.map((member) => member.peer),
    )
  if (agreed || members.length < 2) {
    const plan = plans.of(session, () => planFor(input, members, order(), (n) => topology.rounds(n, session)))
    return { ...input, session, plan, elsewhere }
  }
  // Rosters differ to the end: pairs that both ends can work out from what they see.
  const matching = matchingId(input, strongest(members.map(({ examples }) => examples)))
  if ([...names, matching].some(hasBegun)) return undefined
  const plan = plans.of(`${matching} ${session}`, () =>
    planFor(input, members, order(), () => rosterFree(matching, order())),
  )
  return { ...input, session: matching, plan, elsewhere }
}

/** What peers mix over that have read different graphs: it needs nothing but the members. */
const drawnPairs = randomMatching

/** A ledger remembers four sessions, so one of five is always new to it. */
const beginnings = [0, 1, 2, 3, 4]

/** The members that a peer sees, itself among them, and what it may call their session. */
interface Seen {
  readonly members: readonly Member[]
  /** Those that have read another graph than this peer. */
  readonly elsewhere: readonly PeerKey[]
  /** Over which they mix: the one that all have, or else drawn pairs. */
  readonly topology: Topology
  /** By how often it was begun before. */
  readonly names: readonly string[]
}

/** Of all who are ready, or of those who take part; worked out once for all who see the same, this peer with them. */
function seenIn(which: 'ready' | 'joined', input: AgreementInput, muster: Muster): Seen {
  const { self } = input
  const heard = muster.of(self.peer)
  const same = heard?.examples === self.examples && heard.edition === self.edition
  const listed = same && (which === 'ready' || heard?.session !== undefined)
  // It has not heard itself yet: then it is alone in what it sees.
  const whose = listed ? '' : `${self.peer} ${self.examples}`
  return muster.once(which, `${input.topology.name} ${whose}`, () => {
    const all = which === 'ready' ? muster.allReady() : muster.allTakingPart()
    const members = listed ? all : [self, ...all.filter(({ peer }) => peer !== self.peer)]
    const elsewhere = members.filter(({ edition }) => edition !== self.edition).map((member) => member.peer)
    const topology = elsewhere.length === 0 ? input.topology : drawnPairs
    const first = sessionId(input, topology.name, members)
    return { members, elsewhere, topology, names: beginnings.map((times) => sessionAgain(first, times)) }
  })
}

function planFor(
  { alike }: AgreementInput,
  members: readonly Member[],
  order: readonly PeerKey[],
  rounds: (n: number) => readonly Round[],
): Plan {
  if (alike) return planOf(order, rounds(order.length))
  const examples = new Map(members.map((member) => [member.peer, member.examples]))
  const weights = shares(order.map((peer) => examples.get(peer) ?? 0))
  return planOf(order, rounds(order.length), weights)
}

function rosterFree(session: string, order: readonly PeerKey[]): Round[] {
  const places = new Map(order.map((peer, place) => [peer, place]))
  return Array.from({ length: matchingRounds }, (_, mixing) =>
    rosterFreePairs(`${session} ${mixing}`, order).map(([a, b]) =>
      edge(places.get(a) as number, places.get(b) as number, 1, 2),
    ),
  )
}

/** Live matching leaves about 0.7 of the disagreement a round. */
const matchingRounds = 8

const joined = ({ round, startDigest, update }: AgreementInput, session: string) =>
  ({
    type: 'session',
    session,
    round,
    stage: 'joined',
    mixed: 0,
    digest: startDigest,
    bytes: 0,
    sketch: update,
  }) as const
