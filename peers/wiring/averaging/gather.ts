/**
 * A session without exchanges: every member brings what it has to all others, and each works the result out by itself.
 * For rules that need all values at once; the bytes grow with the square of the members. Whoever goes before it was heard
 * is left out, by some perhaps and not by others: then they settle on the result that is nearest to all.
 */

import type { SessionResult } from '../../../protocols/wire/announcements.ts'
import { sha256 } from '../../../src/averaging/digest.ts'
import { resultGrid, toGrid } from '../../../src/averaging/fixed-point.ts'
import type { Start } from '../../../src/averaging/session.ts'
import { decodeState, encodeState, numbersIn, stateBytes } from '../../../src/averaging/state-bytes.ts'
import { parametersOf } from '../../../src/averaging/weighted.ts'
import type { PeerEventBody } from '../../events.ts'
import type { Clock, Network, PeerKey } from '../../kernel/ports.ts'
import type { Agreement } from './agreement.ts'
import type { Board } from './board.ts'
import type { Mixed } from './mix.ts'
import { show } from './settle.ts'

export interface Brought {
  readonly values: Float32Array
  readonly weight: number
}

export interface GatherRule {
  /** May a member bring so many numbers? */
  fits(numbers: number): boolean
  /**
   * The result, of as many numbers as the round began from: the same bits for the same members in the same order. In
   * steps, between which the peer does what else there is to do.
   */
  result(brought: readonly Brought[]): Iterator<void, GatherResult>
}

export interface GatherResult {
  readonly values: Float32Array
  /** What it cost, for whoever reads them. */
  readonly events: readonly PeerEventBody[]
}

export interface GatherInput {
  readonly start: Start
  readonly agreement: Agreement
  readonly rule: GatherRule
  readonly parameters: Float32Array
  /** Nobody is waited for after this time. */
  readonly until: number
}

export interface GatherParts {
  readonly self: PeerKey
  readonly network: Network
  readonly board: Board
  readonly clock: Clock
  readonly emit: (event: PeerEventBody) => void
}

/** Members that are asked at a time. */
const mostAsked = 4
/** Milliseconds before a member that did not give what it brings is asked again. */
const retryMs = 1000

export async function gather(
  { start, agreement, rule, parameters, until }: GatherInput,
  { self, network, board, clock, emit }: GatherParts,
  signal: AbortSignal,
): Promise<Mixed> {
  const { session, plan } = agreement
  const { round } = start
  const own = toGrid(parameters, resultGrid)
  const bytes = encodeState(own)
  const digest = sha256(bytes)
  network.offer(digest, bytes)
  const brings = { digest, bytes: bytes.length, sketch: [] }
  board.say({ type: 'session', session, round, stage: 'brought', mixed: 0, ...brings })

  const got = new Map([[self, own]])
  const refused = new Map<PeerKey, number>()
  const claimOf = (peer: PeerKey): SessionResult | undefined => {
    const said = board.muster(start).of(peer)?.brought
    return said?.session === session ? said : undefined
  }
  const missing = (): PeerKey[] =>
    plan.order.filter((peer) => {
      const claim = claimOf(peer)
      return !got.has(peer) && board.connected(peer) && (claim === undefined || rule.fits(numbersIn(claim.bytes)))
    })
  const due = (): PeerKey[] =>
    missing().filter((peer) => claimOf(peer) !== undefined && clock.now() >= (refused.get(peer) ?? 0))
  const pull = async (peer: PeerKey): Promise<void> => {
    const claim = claimOf(peer)
    if (claim === undefined) return
    try {
      const found = await before(until, clock, signal, (limit) =>
        network.fetch(claim.digest, claim.bytes, [peer], limit),
      )
      got.set(peer, decodeState(found, numbersIn(claim.bytes)))
    } catch {
      signal.throwIfAborted()
      refused.set(peer, clock.now() + retryMs)
    }
  }
  while (missing().length > 0 && clock.now() < until) {
    const asked = due().slice(0, mostAsked)
    await Promise.all(asked.map(pull))
    if (asked.length > 0) continue
    const time = refused.size > 0 ? Math.min(until, clock.now() + retryMs) : until
    await board.until(() => missing().length === 0 || due().length > 0, time, signal)
  }

  const others = [...got].filter(([peer]) => peer !== self)
  const pulled = others.reduce((sum, [, units]) => sum + stateBytes(units.length), 0)
  emit({ type: 'gathered', round, session, states: others.length, bytes: pulled })
  const members = [...got].sort(([a], [b]) => (a < b ? -1 : 1))
  const brought = members.map(([peer, units]) => ({ values: parametersOf(units), weight: plan.share(peer) }))
  const steps = rule.result(brought)
  let step = steps.next()
  for (; !step.done; step = steps.next()) await clock.sleep(0, signal)
  const { values, events } = step.value
  for (const event of events) emit(event)
  const result = show(toGrid(values, resultGrid), start, network)
  const what = { digest: result.digest, bytes: stateBytes(values.length), sketch: result.sketch }
  board.say({ type: 'session', session, round, stage: 'mixed', mixed: 1, ...what })
  await board.until(() => board.muster(start).behind(1, self, new Set()) === 0, until, signal)
  return { own: result, passes: 1 }
}

/** Work that is given up at a time. */
async function before<T>(
  time: number,
  clock: Clock,
  signal: AbortSignal,
  work: (limit: AbortSignal) => Promise<T>,
): Promise<T> {
  const late = new AbortController()
  const disarm = clock.later(time - clock.now(), () => late.abort())
  try {
    return await work(AbortSignal.any([signal, late.signal]))
  } finally {
    disarm()
  }
}
