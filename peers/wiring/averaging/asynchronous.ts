/**
 * Mixing without rounds: one session for as long as the federation lasts. A peer adds what it has learnt to what it holds
 * and mixes with one partner that is ready; while it works it answers others. Nobody waits, and nobody agrees on a roster.
 */
import { fixed } from '../../../src/averaging/codecs/fixed.ts'
import { asynchronousId } from '../../../src/averaging/session.ts'
import { type Staleness, stalenessWords } from '../../../src/averaging/staleness.ts'
import { parametersHeld, toVersioned, updateOf, versionHeld } from '../../../src/averaging/versioned.ts'
import { parametersOf } from '../../../src/averaging/weighted.ts'
import { createRandom } from '../../../src/core/random.ts'
import { openTerms } from '../../behaviour/averaging/ledger.ts'
import type { PeerEventBody } from '../../events.ts'
import type { Clock, Network, PeerKey, Store } from '../../kernel/ports.ts'
import type { Hearing } from '../hearing.ts'
import { openLedger } from './ledger-driver.ts'

export interface AsynchronousParts {
  readonly network: Pick<Network, 'self' | 'send' | 'subscribe'>
  readonly hearing: Hearing
  readonly store: Store
  readonly clock: Clock
  readonly staleness: Staleness
  /** Digest of what the whole federation began with. */
  readonly startDigest: string
  /** For the choice of partners; another one for every peer. */
  readonly seed: string
  /** Milliseconds for one attempt at an exchange. */
  readonly attemptMs: number
  readonly emit: (event: PeerEventBody) => void
}

export interface Holding {
  readonly parameters: Float32Array
  /** By how many updates a peer the parameters have come so far. */
  readonly version: number
}

export interface Asynchronous {
  /** Undefined: this peer has not taken part yet. */
  held(): Holding | undefined
  /** Takes part with these parameters, in the place of what it held so far; durable when it resolves. */
  begin(parameters: Float32Array, version: number): Promise<void>
  /** Adds one update, which moved the parameters so; durable when it resolves. */
  update(before: Float32Array, after: Float32Array): Promise<void>
  /**
   * Tries partners until one has mixed with this peer or it has tried enough. `occasion`: for the draw of partners;
   * `update`: number of the peer's own, for events.
   */
  exchange(occasion: string, update: number, signal: AbortSignal): Promise<void>
  /**
   * At its end: takes no part any more, waits for answers for as long as for one attempt, and for who did not answer the
   * last one and may yet ask what became of it; reports what is then still open as drift (EX-14).
   */
  finish(signal: AbortSignal): Promise<void>
  /** Rejects where the journal could not be written. */
  close(): Promise<void>
}

/** Attempts at an exchange, then the peer goes on alone. */
const mostAttempts = 4
/** Milliseconds before another attempt where the partner was busy, drawn anew so that two do not meet again and again. */
const pauseMs = [20, 200] as const
/** Milliseconds between two looks whether all is answered. */
const lookMs = 100
const absent = new Set(['joining', 'leaving'])

/** Recovers the journal, goes on in the session if this peer was in it, and answers for it until closed. */
export async function openAsynchronous(parts: AsynchronousParts): Promise<Asynchronous> {
  const { network, hearing, clock, staleness, startDigest, seed, attemptMs, emit } = parts
  const ledger = await openLedger({ ...parts, codec: fixed })
  const session = asynchronousId(startDigest, stalenessWords(staleness))
  // Nobody's updates are fewer than none; a version a little below comes of what is in doubt.
  const admits = (state: Int32Array): boolean => versionHeld(state) > -1
  const terms = { ...openTerms, staleness, admits }
  let begun = ledger.resume(session, terms)
  /** When an attempt last ended without an answer. */
  let unanswered = Number.NEGATIVE_INFINITY

  const ready = (): PeerKey[] => hearing.roster.peersAt(network.self, clock.now(), ({ phase }) => !absent.has(phase))
  return {
    held() {
      if (!begun) return undefined
      const held = ledger.held()
      return { parameters: parametersOf(parametersHeld(held)), version: versionHeld(held) }
    },
    async begin(parameters, version) {
      await ledger.begin(session, toVersioned(parameters, version), terms)
      begun = true
    },
    update: (before, after) => ledger.update(updateOf(before, after)),
    async exchange(occasion, update, signal) {
      const random = createRandom(`${seed}/partners ${occasion}`)
      const partners = random.shuffle(ready())
      for (let attempts = 0; attempts < mostAttempts; attempts++) {
        const other = partners.shift()
        if (other === undefined) return
        const { reason, staleness: apart } = await ledger.attempt(other, attemptMs, signal)
        const what = { type: 'exchange', round: update, other } as const
        emit(
          reason === undefined
            ? { ...what, outcome: 'done', ...(apart === undefined ? {} : { staleness: apart }) }
            : { ...what, outcome: 'failed', reason },
        )
        if (reason === undefined) return
        if (reason === 'no answer') unanswered = clock.now()
        if (reason !== 'busy') continue
        partners.push(other)
        await clock.sleep(pauseMs[0] + random.next() * (pauseMs[1] - pauseMs[0]), signal)
      }
    },
    async finish(signal) {
      ledger.end()
      const until = clock.now() + attemptMs
      // Who has not heard that its commit was applied would report it.
      const isAwaited = (): boolean =>
        clock.now() < unanswered + attemptMs || ledger.driftAtEnd().length > 0 || ledger.isAnswering()
      while (isAwaited() && clock.now() < until) await clock.sleep(lookMs, signal)
      for (const drift of ledger.driftAtEnd()) emit(drift)
    },
    async close() {
      ledger.end()
      await ledger.close()
      ledger.state()
    },
  }
}
