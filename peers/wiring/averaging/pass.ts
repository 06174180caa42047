/**
 * One pass over a schedule: every edge of this peer tried, round by round. There is no barrier. A round ends when its
 * edges have, or at its deadline; an edge that failed leaves its weight with both ends, which costs speed alone.
 */
import type { Ratio } from '../../../src/averaging/schedule.ts'
import type { PeerEventBody } from '../../events.ts'
import type { Clock, PeerKey } from '../../kernel/ports.ts'
import type { Board } from './board.ts'
import type { LedgerDriver } from './ledger-driver.ts'
import type { Plan } from './plans.ts'

export interface PassParts {
  readonly self: PeerKey
  readonly ledger: LedgerDriver
  readonly board: Board
  readonly clock: Clock
  readonly emit: (event: PeerEventBody) => void
}

export interface Pass {
  /** Of the federation, for events. */
  readonly round: number
  readonly session: string
  readonly plan: Plan
  /** Number of the first mixing round; higher than that of any round before. */
  readonly first: number
  /** For one attempt at an edge. */
  readonly attemptMs: number
  /** No round goes on after this time. */
  readonly until: number
  /** Partners that did not answer: not waited for again in this session. Grows. */
  readonly silent: Set<PeerKey>
  /** From how far this peer lets itself be pulled, in units of the mixing grid; left out: from any distance. */
  readonly reach?: number | undefined
}

/** Pauses between the attempts at an edge, as shares of an attempt's time. */
const pauses = [0.1, 0.4]
/** What may go better the next time; any other refusal stands. */
const passing = new Set(['no answer', 'busy'])

export async function runPass(pass: Pass, parts: PassParts, signal: AbortSignal): Promise<void> {
  for (let i = 0; i < pass.plan.rounds; i++) {
    if (parts.clock.now() >= pass.until) return
    await runRound(pass, pass.first + i, pass.plan.partners(parts.self, i), parts, signal)
  }
}

async function runRound(
  pass: Pass,
  mixing: number,
  partners: ReadonlyMap<PeerKey, Ratio>,
  parts: PassParts,
  signal: AbortSignal,
): Promise<void> {
  const { self, ledger, clock } = parts
  // Longer than all attempts of a partner, which may have begun the round a little later.
  const deadline = Math.min(pass.until, clock.now() + pass.attemptMs * (pauses.length + 2))
  signal.throwIfAborted()
  const over = new AbortController()
  const stop = (): void => over.abort(signal.reason)
  signal.addEventListener('abort', stop, { once: true })
  const reasons = new Map<PeerKey, string>()
  const open = new Set<PeerKey>()
  for (const peer of partners.keys()) {
    reasons.set(peer, 'no answer')
    if (!pass.silent.has(peer)) open.add(peer)
  }
  // Whoever has gone is not waited for.
  const nobodyLeft = (): boolean => {
    for (const peer of open) if (parts.board.connected(peer)) return false
    return true
  }
  /** Tries under way. */
  let trying = 0
  let failure: { readonly error: unknown } | undefined
  const settled = (peer: PeerKey): void => {
    open.delete(peer)
    parts.board.stir()
  }
  const off = ledger.onEdge((edge) => {
    if (edge.mixing !== mixing) return
    if (edge.outcome === 'done') reasons.delete(edge.other)
    else reasons.set(edge.other, edge.reason ?? 'failed')
    // Whom this peer refuses for good it does not wait for. Of its own tries it hears from the ledger itself.
    if (edge.other < self && (edge.outcome === 'done' || edge.reason === 'gate')) settled(edge.other)
  })
  const tryOut = async (peer: PeerKey): Promise<void> => {
    trying += 1
    try {
      await initiate(peer, pass.attemptMs, parts, over.signal)
    } catch (error) {
      failure = { error }
    }
    trying -= 1
    settled(peer)
  }
  try {
    ledger.round(mixing, partners, pass.reach)
    for (const peer of open) if (self < peer) void tryOut(peer)
    await parts.board.until(() => failure !== undefined || nobodyLeft(), deadline, signal)
    if (failure !== undefined) throw failure.error
  } finally {
    signal.removeEventListener('abort', stop)
    if (trying > 0) over.abort(ended)
    off()
  }
  signal.throwIfAborted()
  for (const peer of partners.keys()) report(pass, mixing, peer, reasons.get(peer), parts)
}

/** Given as the reason, so that no error is made where nothing went wrong. */
const ended = 'ended'

async function initiate(peer: PeerKey, attemptMs: number, parts: PassParts, stop: AbortSignal): Promise<void> {
  for (const pause of [...pauses, 0]) {
    if (stop.aborted) return
    const { reason } = await parts.ledger.attempt(peer, attemptMs, stop)
    if (reason === undefined || !passing.has(reason)) return
    await parts.clock.sleep(pause * attemptMs, stop).catch(() => {})
  }
}

function report(pass: Pass, mixing: number, other: PeerKey, reason: string | undefined, { emit }: PassParts): void {
  const what = { type: 'edge', round: pass.round, session: pass.session, mixing, other } as const
  if (reason !== undefined) pass.silent.add(other)
  emit(reason === undefined ? { ...what, outcome: 'done' } : { ...what, outcome: 'failed', reason })
}
