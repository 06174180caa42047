/** A session's exchanges: the topology's schedule, then mop-ups until the members that are left agree. */
import { type Start, sessionOrder } from '../../../src/averaging/session.ts'
import { sketchSpread } from '../../../src/averaging/sketch.ts'
import { stateBytes } from '../../../src/averaging/state-bytes.ts'
import { base } from '../../../src/averaging/topologies/base.ts'
import { fromMixture, toMixture } from '../../../src/averaging/weighted.ts'
import type { Network, PeerKey } from '../../kernel/ports.ts'
import type { Agreement } from './agreement.ts'
import { type PassParts, runPass } from './pass.ts'
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
  parts: PassParts & { readonly network: Network },
  signal: AbortSignal,
): Promise<Mixed> {
  const { ledger, board, clock, network, self } = parts
  const { session, share } = agreement
  const { round } = start
  const others = agreement.order.filter((peer) => peer !== self)
  const silent = new Set<PeerKey>()
  await ledger.begin(session, toMixture(parameters, share))
  let { order, rounds } = agreement
  for (let passes = 1; ; passes++) {
    const first = passes * roundsPerPass
    await runPass({ round, session, order, rounds, first, attemptMs, until, silent }, parts, signal)
    // Mass that an initiator has and this peer still holds too would be counted twice in what it shows.
    const sure = (): boolean => !ledger.doubts().some(board.connected)
    await board.until(sure, Math.min(until, clock.now() + 4 * attemptMs), signal)
    const own = show(fromMixture(ledger.state()), start, network)
    const what = { digest: own.digest, bytes: stateBytes(own.units.length), sketch: own.sketch }
    board.say({ type: 'session', session, round, stage: 'mixed', mixed: passes, ...what })

    const passesOf = (peer: PeerKey): number => board.said(peer, round, 'mixed')?.mixed ?? 0
    const waits = (peer: PeerKey): boolean => board.connected(peer) && !silent.has(peer) && passesOf(peer) < passes
    await board.until(() => !others.some(waits), Math.min(until, clock.now() + 4 * attemptMs), signal)
    const left = others.filter((peer) => passesOf(peer) > 0 && board.connected(peer))
    const sketches = left.map((peer) => board.said(peer, round, 'mixed')?.sketch ?? [])
    const apart = sketchSpread([own.sketch, ...sketches], own.units.length)
    if (apart <= tolerance || passes >= mostPasses || clock.now() >= until) return { own, passes }
    // Who fell behind joins the others in their next pass.
    passes = Math.max(passes, ...left.map(passesOf).filter((ahead) => ahead < mostPasses))
    // Whoever says how far it has come is alive, whatever was lost before.
    for (const peer of left) silent.delete(peer)
    order = sessionOrder(`${session} ${passes}`, [self, ...left])
    rounds = mopUp.rounds(order.length, session)
  }
}
