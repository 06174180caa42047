/** A session's exchanges: the topology's schedule, then mop-ups until the members that are left agree. */

import type { Codec } from '../../../src/averaging/codecs/codec.ts'
import { sha256 } from '../../../src/averaging/digest.ts'
import { mixingGrid, resultGrid, weightGrid } from '../../../src/averaging/fixed-point.ts'
import { countsAlike, type RobustName } from '../../../src/averaging/robust/by-name.ts'
import { medianOf } from '../../../src/averaging/robust/clip.ts'
import { gateOf, isAdmitted } from '../../../src/averaging/robust/gate.ts'
import { type Start, sessionOrder } from '../../../src/averaging/session.ts'
import { sketchDistance, sketchesWithin } from '../../../src/averaging/sketch.ts'
import { stateBytes } from '../../../src/averaging/state-bytes.ts'
import { base } from '../../../src/averaging/topologies/base.ts'
import { fromMixture, toMixture } from '../../../src/averaging/weighted.ts'
import type { Claim, Muster } from '../../behaviour/averaging/muster.ts'
import type { Network, PeerKey } from '../../kernel/ports.ts'
import type { Agreement } from './agreement.ts'
import { type PassParts, runPass } from './pass.ts'
import { type Plans, planOf } from './plans.ts'
import { type Result, show } from './settle.ts'

export interface MixInput {
  readonly start: Start
  readonly agreement: Agreement
  /** What the round began from, on `resultGrid`. */
  readonly base: Int32Array
  /** Sketch of what this peer brings. */
  readonly update: readonly number[]
  readonly parameters: Float32Array
  /** For one attempt at an edge. */
  readonly attemptMs: number
  /** No exchange is begun after this time. */
  readonly until: number
}

export interface MixParts extends PassParts {
  readonly network: Network
  readonly plans: Plans
  readonly codec: Codec
  readonly robust: RobustName
}

export interface Mixed {
  readonly own: Result
  readonly passes: number
}

/** Root mean square disagreement, in units, that needs no mop-up: rounding alone leaves about a half. */
const tolerance = 0.75
/** The same for a lossy codec, as a multiple of its own error: no mixing gets below about half of that. */
const lossyTolerance = 8
const mostPasses = 8
/** Mixing rounds are numbered through; a pass has fewer than this. */
export const roundsPerPass = 1000
/**
 * A mop-up is Base-4 over the members that are left, in a new order: exact if nothing fails again, and for up to four
 * members one round.
 */
const mopUp = base(4)

/** Undefined: this peer's update is so much longer than the others' that they take nothing of it. */
export async function mix(
  { start, agreement, base: from, update, parameters, attemptMs, until }: MixInput,
  parts: MixParts,
  signal: AbortSignal,
): Promise<Mixed | undefined> {
  const { ledger, board, clock, codec, robust, network, plans, self } = parts
  const { session } = agreement
  const { round } = start
  const share = agreement.plan.share(self)
  const { length } = parameters
  const joined = board.muster(start)
  const updates = joined.updates()
  // It may not have heard itself; then it is alone in what it knows.
  const { longest, shut } = updates.has(self)
    ? joined.once('joined', `gate of ${length}`, () => gateOf(updates, length))
    : gateOf(new Map([...updates, [self, update]]), length)
  if (shut.has(self)) return undefined
  const silent = new Set<PeerKey>(shut)
  const weight = countsAlike(robust) ? weightGrid.limit : undefined
  const admits = (state: Int32Array): boolean => isAdmitted(state, from, longest, weight)
  await ledger.begin(session, toMixture(parameters, share), { base: from, admits })
  /** Where clipping is the rule: how far this peer reaches, from sketches of the others' states and its own. */
  const reachTo = (others: Iterable<readonly [PeerKey, readonly number[]]>, own: readonly number[]) => {
    if (robust !== 'clip') return undefined
    const far = [...others].filter(([peer]) => peer !== self).map(([, other]) => sketchDistance(other, own, length))
    if (far.length === 0) return undefined
    const root = medianOf(far)
    // Peers that are all alike need no bound; on the wire 0 means none.
    return root === 0 ? undefined : root * Math.sqrt(length) * 2 ** (resultGrid.exponent - mixingGrid.exponent)
  }
  let reach = reachTo(updates, update)
  let { plan } = agreement
  for (let passes = 1; ; passes++) {
    const first = passes * roundsPerPass
    await runPass({ round, session, plan, first, attemptMs, until, silent, reach }, parts, signal)
    // Mass that an initiator has and this peer still holds too would be counted twice in what it shows.
    const sure = (): boolean => !ledger.doubts().some(board.connected)
    await board.until(sure, Math.min(until, clock.now() + 4 * attemptMs), signal)
    const said = codec.encode(ledger.state(), from).state
    const own = show(fromMixture(said), start, network)
    const limit = codec.exact ? tolerance : Math.max(tolerance, lossyTolerance * lost(ledger.state(), own.units))
    const what = { digest: own.digest, bytes: stateBytes(own.units.length), sketch: own.sketch }
    board.say({ type: 'session', session, round, stage: 'mixed', mixed: passes, ...what })

    const all = (): boolean => board.muster(start).behind(passes, self, silent) === 0
    await board.until(all, Math.min(until, clock.now() + 4 * attemptMs), signal)
    const muster = board.muster(start)
    if (areTogether(limit, muster, session, self, own, shut) || passes >= mostPasses || clock.now() >= until)
      return { own, passes }
    const left = muster.mixedIn(session).filter(({ peer }) => peer !== self && !shut.has(peer))
    // Who fell behind joins the others in their next pass.
    passes = left.reduce((most, { passes }) => (passes < mostPasses ? Math.max(most, passes) : most), passes)
    // Whoever says how far it has come is alive, whatever was lost before.
    for (const { peer } of left) silent.delete(peer)
    const sketches = left.map(({ peer, sketch }) => [peer, sketch] as const)
    reach = reachTo(sketches, own.sketch)
    const peers = [self, ...left.map(({ peer }) => peer)].sort()
    const seed = `${session} ${passes}`
    plan = plans.of(`${seed} ${sha256(peers.join())}`, () =>
      planOf(sessionOrder(seed, peers), mopUp.rounds(peers.length, session)),
    )
  }
}

/** Root mean square, in units, of what a codec did not say. */
function lost(mixture: Int32Array, said: Int32Array): number {
  const sum = fromMixture(mixture).reduce((squares, value, i) => squares + (value - (said[i] as number)) ** 2, 0)
  return Math.sqrt(sum / Math.max(1, said.length))
}

/** Do the states of all who mixed in this session differ by no more than this, this peer's among them? */
function areTogether(
  limit: number,
  muster: Muster,
  session: string,
  self: PeerKey,
  { digest, sketch, units }: Result,
  shut: ReadonlySet<PeerKey>,
): boolean {
  const within = (claims: readonly Claim[], more: readonly (readonly number[])[] = []): boolean =>
    sketchesWithin(limit, [...more, ...claims.map((claim) => claim.sketch)], units.length)
  const all = muster.mixedIn(session).filter(({ peer }) => !shut.has(peer))
  const heard = muster.of(self)?.mixed
  if (heard?.digest === digest && heard.session === session) {
    return muster.once('mixed', `within ${limit} in ${session}`, () => within(all))
  }
  return within(
    all.filter(({ peer }) => peer !== self),
    [sketch],
  )
}
