/**
 * The end of a session: one member's bytes become everybody's. Exact sums and equal bytes exclude each other, so peers
 * that agree to the last unit still hold different bytes; this snap moves the mean by those few units and no more.
 */
import { sha256 } from '../../../src/averaging/digest.ts'
import { type Start, sketchSeed } from '../../../src/averaging/session.ts'
import { sketch } from '../../../src/averaging/sketch.ts'
import { decodeState, encodeState, stateBytes } from '../../../src/averaging/state-bytes.ts'
import { centralOf, chooseResult } from '../../behaviour/averaging/choose-result.ts'
import type { Claim } from '../../behaviour/averaging/muster.ts'
import type { Clock, Network, PeerKey } from '../../kernel/ports.ts'
import type { Board } from './board.ts'

export interface Result {
  readonly digest: string
  readonly units: Int32Array
  readonly sketch: readonly number[]
}

export interface Settlement {
  readonly start: Start
  readonly session: string
  /** What this peer has mixed; a peer with nothing to share has none, and takes the others' result. */
  readonly own?: Result | undefined
  readonly passes: number
  /** Numbers in a state. */
  readonly parameters: number
  /** No waiting after this time. */
  readonly until: number
}

export interface SettleParts {
  readonly network: Network
  readonly board: Board
  readonly clock: Clock
}

/** Holders that are asked at a time. */
const mostAsked = 8
/** Milliseconds before a holder that did not give a state is asked again. */
const retryMs = 1000

/** Offers a state to others, and says what they must know of it. */
export function show(units: Int32Array, start: Start, network: Network): Result {
  const bytes = encodeState(units)
  const digest = sha256(bytes)
  network.offer(digest, bytes)
  return { digest, units, sketch: sketch(units, sketchSeed(start)) }
}

/** The state that this peer ends with; undefined where it had none of its own and got none in time. */
export async function settle(
  settlement: Settlement,
  parts: SettleParts,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const { start, session, own, passes, until } = settlement
  const { network, board, clock } = parts
  const { self } = network
  const half = (clock.now() + until) / 2
  const patienceMs = (until - clock.now()) / 4
  /** Whose word counts: who takes part by now, whatever it calls the session. */
  const begun = board.muster(start).arrivals
  const live = (): number => board.muster(start).members(self, begun)
  const votes = (): ReadonlyMap<string, number> => board.muster(start).votes(self, begun)
  /** Who did not give which state, and when it may be asked again. */
  const refused = new Map<string, number>()
  let held: Result | undefined
  let choices = 0

  const holders = (digest: string): PeerKey[] => {
    const some = new Set<PeerKey>()
    for (const peer of board.muster(start).holders(digest)) {
      if (peer !== self && clock.now() >= (refused.get(`${digest} ${peer}`) ?? 0)) some.add(peer)
      if (some.size >= mostAsked) break
    }
    return [...some]
  }
  const obtainable = (digest: string): boolean =>
    digest === own?.digest || digest === held?.digest || holders(digest).length > 0
  const central = (): string | undefined => {
    const muster = board.muster(start)
    const all = refused.size === 0 && begun === muster.arrivals && muster.of(self)?.mixed?.digest === own?.digest
    if (all) return muster.once('mixed', 'central', () => centralOf(muster.allMixed()))
    const mine: Claim[] = own === undefined ? [] : [{ peer: self, passes, ...own }]
    return centralOf([...muster.claims(self, begun), ...mine].filter(({ digest }) => obtainable(digest)))
  }
  const next = (): string | undefined => {
    const members = live() + (own === undefined ? 0 : 1)
    const late = clock.now() >= half
    const choice = chooseResult({ votes: votes(), held: held?.digest, members, obtainable, central, late })
    return choice === held?.digest ? undefined : choice
  }
  const unanimous = (): boolean => {
    if (held === undefined) return false
    const alike = votes().get(held.digest) ?? 0
    // A few who ended it by themselves are not waited for; of many it is this peer that is apart.
    const otherwise = board.muster(start).endedOtherwise(held.digest, self, begun)
    return alike === live() - (otherwise <= alike ? otherwise : 0)
  }

  for (;;) {
    const digest = next()
    if (digest !== undefined) {
      const asked = holders(digest)
      const got = digest === own?.digest ? own : await pull(digest, asked, settlement, parts, patienceMs, signal)
      if (got === undefined) {
        for (const peer of asked) refused.set(`${digest} ${peer}`, clock.now() + retryMs)
      } else {
        held = got
        choices += 1
        const what = { digest, bytes: stateBytes(settlement.parameters), sketch: got.sketch }
        board.say({ type: 'session', session, round: start.round, stage: 'settled', mixed: passes + choices, ...what })
      }
    }
    if (unanimous() || clock.now() >= until) return held ?? own
    const retry = refused.size > 0 ? clock.now() + retryMs : until
    const time = Math.min(retry, clock.now() < half ? half : until)
    await board.until(() => unanimous() || next() !== undefined, time, signal)
  }
}

/** The state from whoever holds it, if it is what was claimed: by its digest, its layout and its sketch. */
async function pull(
  digest: string,
  asked: readonly PeerKey[],
  { start, parameters }: Settlement,
  { network, board, clock }: SettleParts,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const said = board.muster(start).of(asked[0] ?? '')
  const claim = [said?.settled, said?.mixed].find((one) => one?.digest === digest)
  if (claim === undefined) return undefined
  const late = new AbortController()
  const disarm = clock.later(patienceMs, () => late.abort())
  try {
    const limit = AbortSignal.any([signal, late.signal])
    const bytes = await network.fetch(digest, stateBytes(parameters), asked, limit)
    const result = show(decodeState(bytes, parameters), start, network)
    const asClaimed = result.digest === digest && result.sketch.every((value, i) => value === claim.sketch[i])
    return asClaimed ? result : undefined
  } catch {
    signal.throwIfAborted()
    return undefined
  } finally {
    disarm()
  }
}
