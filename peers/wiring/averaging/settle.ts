/**
 * The end of a session: one member's bytes become everybody's. Exact sums and equal bytes exclude each other, so peers
 * that agree to the last unit still hold different bytes; this snap moves the mean by those few units and no more.
 */
import type { SessionStage } from '../../../protocols/wire/announcements.ts'
import { sha256 } from '../../../src/averaging/digest.ts'
import { type Start, sketchSeed } from '../../../src/averaging/session.ts'
import { sketch } from '../../../src/averaging/sketch.ts'
import { decodeState, encodeState, stateBytes } from '../../../src/averaging/state-bytes.ts'
import { type Claim, chooseResult } from '../../behaviour/averaging/choose-result.ts'
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
  /** Whose word counts: the members of the session, without this peer. */
  readonly members: readonly PeerKey[]
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
  const { start, session, members, own, passes, until } = settlement
  const { network, board, clock } = parts
  const half = (clock.now() + until) / 2
  const patienceMs = (until - clock.now()) / 4
  /** Who did not give which state, and when it may be asked again. */
  const refused = new Map<string, number>()
  const askable = ({ digest, peer }: Claim): boolean => clock.now() >= (refused.get(`${digest} ${peer}`) ?? 0)
  let held: Result | undefined
  let choices = 0

  const live = (): PeerKey[] => members.filter(board.connected)
  const claims = (stage: SessionStage): Claim[] =>
    live().flatMap((peer) => {
      const said = board.said(peer, start.round, stage)
      return said === undefined ? [] : [{ peer, digest: said.digest, sketch: said.sketch }]
    })
  const holders = (digest: string): Claim[] =>
    [...claims('settled'), ...claims('mixed')].filter((claim) => claim.digest === digest && askable(claim))
  const mine: Claim[] = own === undefined ? [] : [{ peer: network.self, ...own }]
  const next = (): string | undefined => {
    const choice = chooseResult({
      mixed: [...claims('mixed'), ...mine],
      settled: claims('settled'),
      held: held?.digest,
      members: live().length + (own === undefined ? 0 : 1),
      obtainable: (digest) => digest === own?.digest || digest === held?.digest || holders(digest).length > 0,
      late: clock.now() >= half,
    })
    return choice === held?.digest ? undefined : choice
  }
  const unanimous = (): boolean =>
    held !== undefined && live().every((peer) => board.said(peer, start.round, 'settled')?.digest === held?.digest)

  for (;;) {
    const digest = next()
    if (digest !== undefined) {
      const asked = holders(digest)
      const got = digest === own?.digest ? own : await pull(asked, settlement, parts, patienceMs, signal)
      if (got === undefined) {
        for (const { peer } of asked) refused.set(`${digest} ${peer}`, clock.now() + retryMs)
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
  asked: readonly Claim[],
  { start, parameters }: Settlement,
  { network, clock }: SettleParts,
  patienceMs: number,
  signal: AbortSignal,
): Promise<Result | undefined> {
  const [claim] = asked
  if (claim === undefined) return undefined
  const late = new AbortController()
  const got = new AbortController()
  void clock.sleep(patienceMs, AbortSignal.any([signal, got.signal])).then(
    () => late.abort(),
    () => {},
  )
  try {
    const holders = asked.map(({ peer }) => peer)
    const limit = AbortSignal.any([signal, late.signal])
    const bytes = await network.fetch(claim.digest, stateBytes(parameters), holders, limit)
    const result = show(decodeState(bytes, parameters), start, network)
    const asClaimed = result.digest === claim.digest && result.sketch.every((value, i) => value === claim.sketch[i])
    return asClaimed ? result : undefined
  } catch {
    signal.throwIfAborted()
    return undefined
  } finally {
    got.abort()
  }
}
