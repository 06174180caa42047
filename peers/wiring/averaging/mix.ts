/** A session's exchanges: the topology's schedule, then mop-ups until the members that are left agree. */
import { sha256 } from '../../../src/averaging/digest.ts'
import { type Start, sessionOrder } from '../../../src/averaging/session.ts'
import { sketchesWithin } from '../../../src/averaging/sketch.ts'
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
  readonly parameters: Float32Array
  /** For one attempt at an edge. */
  readonly attemptMs: number
  /** No exchange is begun after this time. */
  readonly until: number
}

export interface Mixed {
  readonly own: Result
  readonly passes: number
}

/** Root mean square disagreement, in units, that needs no mop-up: rounding alone leaves about a half. */
const tolerance = 0.75
const mostPasses = 8
/** Mixing rounds are numbered through; a pass has fewer than this. */
export const roundsPerPass = 1000
/**
 * A mop-up is Base-4 over the members that are left, in a new order: exact if nothing fails again, and for up to four
 * members one round.
 */
const mopUp = base(4)

export async function mix(
  { start, agreement, parameters, attemptMs, until }: MixInput,
  parts: PassParts & { readonly network: Network; readonly plans: Plans },
  signal: AbortSignal,
): Promise<Mixed> {
  const { ledger, board, clock, network, plans, self } = parts
  const { session } = agreement
  const { round } = start
  const share = agreement.plan.share(self)
  const silent = new Set<PeerKey>()
  await ledger.begin(session, toMixture(parameters, share))
  let { plan } = agreement
  for (let passes = 1; ; passes++) {
    const first = passes * roundsPerPass
    await runPass({ round, session, plan, first, attemptMs, until, silent }, parts, signal)
    // Mass that an initiator has and this peer still holds too would be counted twice in what it shows.
    const sure = (): boolean => !ledger.doubts().some(board.connected)
    await board.until(sure, Math.min(until, clock.now() + 4 * attemptMs), signal)
    const own = show(fromMixture(ledger.state()), start, network)
    const what = { digest: own.digest, bytes: stateBytes(own.units.length), sketch: own.sketch }
    board.say({ type: 'session', session, round, stage: 'mixed', mixed: passes, ...what })

    const all = (): boolean => board.muster(start).behind(passes, self, silent) === 0
    await board.until(all, Math.min(until, clock.now() + 4 * attemptMs), signal)
    const muster = board.muster(start)
    if (areTogether(muster, session, self, own) || passes >= mostPasses || clock.now() >= until) return { own, passes }
    const left = muster.mixedIn(session).filter(({ peer }) => peer !== self)
    // Who fell behind joins the others in their next pass.
    passes = left.reduce((most, { passes }) => (passes < mostPasses ? Math.max(most, passes) : most), passes)
    // Whoever says how far it has come is alive, whatever was lost before.
    for (const { peer } of left) silent.delete(peer)
    const peers = [self, ...left.map(({ peer }) => peer)].sort()
    const seed = `${session} ${passes}`
    plan = plans.of(`${seed} ${sha256(peers.join())}`, () =>
      planOf(sessionOrder(seed, peers), mopUp.rounds(peers.length, session)),
    )
  }
}

/** Do the states of all who mixed in this session differ by no more than rounding, this peer's among them? */
function areTogether(muster: Muster, session: string, self: PeerKey, { digest, sketch, units }: Result): boolean {
  const within = (claims: readonly Claim[], more: readonly (readonly number[])[] = []): boolean =>
    sketchesWithin(tolerance, [...more, ...claims.map((claim) => claim.sketch)], units.length)
  const all = muster.mixedIn(session)
  const heard = muster.of(self)?.mixed
  if (heard?.digest === digest && heard.session === session) {
    return muster.once('mixed', `together in ${session}`, () => within(all))
  }
  return within(
    all.filter(({ peer }) => peer !== self),
    [sketch],
  )
}
