/** The ledger made real: its effects in order, over the network and the journal. One for a peer's whole life. */
import type { Codec } from '../../../src/averaging/codecs/codec.ts'
import { sha256 } from '../../../src/averaging/digest.ts'
import { addDelta, inReach, mixingGrid, weightGrid } from '../../../src/averaging/fixed-point.ts'
import type { Ratio } from '../../../src/averaging/schedule.ts'
import { inputError } from '../../../src/core/errors.ts'
import { heldBy } from '../../behaviour/averaging/headroom.ts'
import { recoverLedger } from '../../behaviour/averaging/journal.ts'
import { decodeLedgerRecord } from '../../behaviour/averaging/journal-record.ts'
import {
  type Drift,
  type Ledger,
  type LedgerEffect,
  type LedgerInput,
  openTerms,
  type SessionTerms,
} from '../../behaviour/averaging/ledger.ts'
import { driftAtEnd, hasBegun, isOpen, ledgerStep } from '../../behaviour/averaging/ledger-step.ts'
import type { PeerEventBody } from '../../events.ts'
import { inOrder } from '../../kernel/in-order.ts'
import type { Clock, Network, PeerKey, Store } from '../../kernel/ports.ts'
import { countStart } from './incarnation.ts'
import { type JournalLog, openJournal } from './journal-log.ts'

export type EdgeOutcome = Omit<Extract<LedgerEffect, { type: 'edge' }>, 'type'>

export interface LedgerDriver {
  /** Has this peer begun this session before, in this life or an earlier one? Then it cannot begin it again. */
  hasBegun(session: string): boolean
  /**
   * Starts a session from this state; durable when it resolves. What an earlier session left in doubt is void. Where the
   * journal could not be written before, it is recovered first.
   */
  begin(session: string, state: Int32Array, terms?: SessionTerms): Promise<void>
  /** Starts a mixing round with these partners: copies the state, and answers offers that came early. */
  round(mixing: number, partners: ReadonlyMap<PeerKey, Ratio>, reach?: number): void
  /** Goes on in a session without rounds that was under way when the last life ended. False: it was another one. */
  resume(session: string, terms: SessionTerms): boolean
  /** Adds what this peer's own work came to; durable when it resolves. Throws `averaging.range` where that is too much. */
  update(delta: Int32Array): Promise<void>
  /** One attempt at the edge to a partner: of this round, where there are rounds. */
  attempt(to: PeerKey, timeoutMs: number, signal: AbortSignal): Promise<Attempt>
  /** Outcomes of edges, once what they rest on is durable; returns the unsubscriber. */
  onEdge(listener: (outcome: EdgeOutcome) => void): () => void
  /** Later messages about the session are answered, but no new edge is taken. */
  end(): void
  state(): Int32Array
  /** The state with all that is in doubt applied: what most likely becomes of it. */
  held(): Int32Array
  /** Initiators of exchanges that this peer has prepared and whose outcome it does not know. */
  doubts(): PeerKey[]
  /** What waits for an answer of another peer, as it is reported where this peer has come to its end. */
  driftAtEnd(): Drift[]
  /** Is an answer still to be said, or on its way? */
  isAnswering(): boolean
  close(): Promise<void>
}

/** Without a reason: it was carried out. */
export interface Attempt {
  readonly reason?: string | undefined
  /** Updates between the two versions, where it was carried out and states have versions. */
  readonly staleness?: number | undefined
}

export interface LedgerPorts {
  readonly network: Pick<Network, 'self' | 'send' | 'subscribe'>
  readonly store: Store
  readonly clock: Clock
  readonly codec: Codec
  readonly emit: (event: PeerEventBody) => void
}

/** Until what waits for an answer is repeated, if it still waits. */
const remindMs = 500
const nothing = (): void => {}

/** Counts this start durably, recovers what the last one left, and answers for it from now on. */
export async function openLedger({ network, store, clock, codec, emit }: LedgerPorts): Promise<LedgerDriver> {
  const scale = `int32/2^${mixingGrid.exponent}/2^${weightGrid.exponent}/${codec.name}`
  const recovered = async (): Promise<{ journal: JournalLog; ledger: Ledger }> => {
    const incarnation = await countStart(store)
    const journal = await openJournal(store)
    const config = { self: network.self, incarnation, scale, codec, digest: sha256 }
    return { journal, ledger: recoverLedger(config, journal.records.map(decodeLedgerRecord)) }
  }
  let { journal, ledger } = await recovered()
  const listeners = new Set<(outcome: EdgeOutcome) => void>()
  /** Attempts under way: whom their outcome goes to, by xid. */
  const answers = new Map<string, (attempt: Attempt) => void>()
  /** What ends each of them. */
  const attempts = new Set<() => void>()
  const closed = new AbortController()
  /** Messages on their way that others may wait for: all but offers, which carry whole states. */
  let answering = 0
  let compacting = false
  let endReminder: (() => void) | undefined

  const take = (input: LedgerInput): readonly LedgerEffect[] => {
    const [next, effects] = ledgerStep(ledger, input)
    ledger = next
    remind()
    performed.add(effects)
    return effects
  }
  const compact = (): void => {
    compacting = true
    take({ type: 'compact' })
  }
  /** What it gives is awaited before the next effect. */
  const perform = (effect: LedgerEffect): Promise<void> | undefined => {
    switch (effect.type) {
      case 'append': {
        const durable = journal.append(effect.record)
        return journal.isLong() && !compacting ? durable.then(compact) : durable
      }
      case 'replace':
        return journal.replace(effect.records).then(() => {
          compacting = false
        })
      case 'send': {
        // Not awaited, and a failure needs no case of its own: whatever is lost is repeated or asked for.
        const counts = effect.message.type === 'offer' ? 0 : 1
        const end = (): void => {
          answering -= counts
        }
        answering += counts
        network.send(effect.to, effect.message, closed.signal).then(end, end)
        return
      }
      case 'offered':
        return
      case 'drift':
        emit(effect)
        return
      case 'edge':
        for (const listener of listeners) listener(effect)
        answers.get(effect.xid)?.(effect)
        return
    }
  }
  /** What is said is durable before it is said. */
  const performed = inOrder(perform)
  const remind = (): void => {
    if (endReminder !== undefined || closed.signal.aborted || !isOpen(ledger)) return
    endReminder = clock.later(remindMs, () => {
      endReminder = undefined
      take({ type: 'remind' })
    })
  }
  /** After a disk that failed, as after a kill: what was not durable has not been. Nothing was said that rests on it. */
  const again = async (): Promise<void> => {
    ;({ journal, ledger } = await recovered())
    compacting = false
    performed.recover()
  }
  const unsubscribe = network.subscribe((event) => {
    if (event.type === 'exchange') take({ type: 'message', from: event.from, message: event.message })
  })
  remind()

  return {
    hasBegun: (session) => hasBegun(ledger, session),
    begin(session, state, terms = openTerms) {
      const go = (): Promise<void> => {
        take({ type: 'begin', session, value: state, terms })
        return performed.settled()
      }
      return performed.failed() ? again().then(go) : go()
    },
    resume(session, terms) {
      take({ type: 'resume', session, terms })
      return ledger.session === session
    },
    async update(delta) {
      const sum = addDelta(ledger.value, delta, 1)
      if (sum === undefined || !inReach(sum) || take({ type: 'update', delta }).length === 0) {
        throw inputError('averaging.range', 'Cannot add an update: expected a session, and a sum that can be mixed')
      }
      await performed.settled()
    },
    round: (mixing, partners, reach) => void take({ type: 'round', mixing, partners, reach }),
    async attempt(to, timeoutMs, signal) {
      signal.throwIfAborted()
      if (closed.signal.aborted) return { reason: 'closed' }
      const offered = take({ type: 'offer', to }).find((effect) => effect.type === 'offered')
      if (offered === undefined) return { reason: 'not a partner of this round' }
      const { xid } = offered
      return new Promise((resolve, reject) => {
        // An offer that is closed unanswered ends in a failed edge, once its turn comes.
        const end = (): void => {
          take({ type: 'expire', xid })
          performed.settled().then(() => closed.signal.aborted && answer({ reason: 'closed' }), forget(reject))
        }
        const forget =
          <T>(settle: (value: T) => void) =>
          (value: T): void => {
            answers.delete(xid)
            attempts.delete(end)
            disarm()
            signal.removeEventListener('abort', end)
            settle(value)
          }
        const answer = forget(resolve)
        const disarm = clock.later(timeoutMs, end)
        signal.addEventListener('abort', end, { once: true })
        answers.set(xid, answer)
        attempts.add(end)
      })
    },
    onEdge,
    end: () => void take({ type: 'end' }),
    state() {
      performed.check()
      return ledger.value
    },
    held: () => heldBy(ledger),
    doubts: () => [...ledger.prepared.values()].map(({ from }) => from),
    driftAtEnd: () => driftAtEnd(ledger),
    isAnswering: () => answering > 0 || performed.busy(),
    async close() {
      closed.abort()
      performed.stop()
      for (const end of attempts) end()
      unsubscribe()
      endReminder?.()
      await performed.settled().catch(nothing)
    },
  }

  function onEdge(listener: (outcome: EdgeOutcome) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}
