/** The ledger made real: its effects in order, over the network and the journal. One for a peer's whole life. */
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import type { Codec } from '../../../src/averaging/codecs/codec.ts'
import { sha256 } from '../../../src/averaging/digest.ts'
import { mixingGrid, weightGrid } from '../../../src/averaging/fixed-point.ts'
import type { Ratio } from '../../../src/averaging/schedule.ts'
import { recoverLedger } from '../../behaviour/averaging/journal.ts'
import { decodeLedgerRecord } from '../../behaviour/averaging/journal-record.ts'
import {
  type Ledger,
  type LedgerEffect,
  type LedgerInput,
  openTerms,
  type SessionTerms,
} from '../../behaviour/averaging/ledger.ts'
import { hasBegun, isOpen, ledgerStep } from '../../behaviour/averaging/ledger-step.ts'
import type { PeerEventBody } from '../../events.ts'
import type { Clock, Network, PeerKey, Store } from '../../kernel/ports.ts'
import { countStart } from './incarnation.ts'
import { openJournal } from './journal-log.ts'

export type EdgeOutcome = Omit<Extract<LedgerEffect, { type: 'edge' }>, 'type'>

export interface LedgerDriver {
  /** Has this peer begun this session before, in this life or an earlier one? Then it cannot begin it again. */
  hasBegun(session: string): boolean
  /**
   * Starts a session from this state; durable when it resolves. What an earlier session left in doubt is void.
   */
  begin(session: string, state: Int32Array, terms?: SessionTerms): Promise<void>
  /** Starts a mixing round with these partners: copies the state, and answers offers that came early. */
  round(mixing: number, partners: ReadonlyMap<PeerKey, Ratio>, reach?: number): void
  /** One attempt at the edge to a partner of this round. The reason why it failed, or undefined. */
  attempt(to: PeerKey, timeoutMs: number, signal: AbortSignal): Promise<string | undefined>
  /** Outcomes of edges, once what they rest on is durable; returns the unsubscriber. */
  onEdge(listener: (outcome: EdgeOutcome) => void): () => void
  /** Later messages about the session are answered, but no new edge is taken. */
  end(): void
  state(): Int32Array
  /** Initiators of exchanges that this peer has prepared and whose outcome it does not know. */
  doubts(): PeerKey[]
  close(): Promise<void>
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
/** Given as the reason, so that no error is made where nothing went wrong. */
const ended = 'ended'

/** Counts this start durably, recovers what the last one left, and answers for it from now on. */
export async function openLedger({ network, store, clock, codec, emit }: LedgerPorts): Promise<LedgerDriver> {
  const incarnation = await countStart(store)
  const journal = await openJournal(store)
  const scale = `int32/2^${mixingGrid.exponent}/2^${weightGrid.exponent}/${codec.name}`
  let ledger: Ledger = recoverLedger(
    { self: network.self, incarnation, scale, codec, digest: sha256 },
    journal.records.map(decodeLedgerRecord),
  )
  const listeners = new Set<(outcome: EdgeOutcome) => void>()
  const closed = new AbortController()
  let tail: Promise<void> = Promise.resolve()
  let compacting = false
  let reminding = false
  let broken: unknown

  /** Effects of later inputs wait for those of earlier ones: what is said is durable before it is said. */
  const take = (input: LedgerInput): readonly LedgerEffect[] => {
    const [next, effects] = ledgerStep(ledger, input)
    ledger = next
    if (!reminding && isOpen(ledger)) void remind().catch(() => {})
    tail = tail.then(async () => {
      for (const effect of effects) {
        if (broken !== undefined || closed.signal.aborted) return
        await perform(effect).catch((error: unknown) => {
          broken = error
        })
      }
    })
    return effects
  }
  const perform = async (effect: LedgerEffect): Promise<void> => {
    switch (effect.type) {
      case 'append':
        await journal.append(effect.record)
        if (journal.isLong() && !compacting) {
          compacting = true
          take({ type: 'compact' })
        }
        return
      case 'replace':
        await journal.replace(effect.records)
        compacting = false
        return
      case 'send':
        // Not awaited, and a failure needs no case of its own: whatever is lost is repeated or asked for.
        return void network.send(effect.to, effect.message, closed.signal).catch(() => {})
      case 'offered':
        return
      case 'drift':
        return emit(effect)
      case 'edge':
        for (const listener of listeners) listener(effect)
    }
  }
  const remind = async (): Promise<void> => {
    reminding = true
    await clock.sleep(remindMs, closed.signal)
    reminding = false
    take({ type: 'remind' })
  }
  const receive = (from: PeerKey, message: ExchangeMessage): void => void take({ type: 'message', from, message })
  const unsubscribe = network.subscribe((event) => {
    if (event.type === 'exchange') receive(event.from, event.message)
  })
  if (isOpen(ledger)) void remind().catch(() => {})

  const settled = async (): Promise<void> => {
    await tail
    if (broken !== undefined) throw broken
  }
  return {
    hasBegun: (session) => hasBegun(ledger, session),
    begin(session, state, terms = openTerms) {
      take({ type: 'begin', session, value: state, terms })
      return settled()
    },
    round: (mixing, partners, reach) => void take({ type: 'round', mixing, partners, reach }),
    async attempt(to, timeoutMs, signal) {
      signal.throwIfAborted()
      if (closed.signal.aborted) return 'closed'
      const { mixing } = ledger
      const answer = Promise.withResolvers<string | undefined>()
      const off = onEdge((edge) => {
        if (edge.other === to && edge.mixing === mixing)
          answer.resolve(edge.outcome === 'done' ? undefined : edge.reason)
      })
      const over = new AbortController()
      const end = (): void => over.abort(ended)
      const signals = [signal, closed.signal]
      for (const one of signals) one.addEventListener('abort', end)
      try {
        const offered = take({ type: 'offer', to }).find((effect) => effect.type === 'offered')
        if (offered === undefined) return 'not a partner of this round'
        const wait = clock.sleep(timeoutMs, over.signal).catch(() => {})
        // Closing an offer that was answered meanwhile does nothing; one that was not ends in a failed edge.
        void wait.then(() => take({ type: 'expire', xid: offered.xid }))
        const stopped = wait.then(settled).then(() => (closed.signal.aborted ? 'closed' : answer.promise))
        return await Promise.race([answer.promise, stopped])
      } finally {
        off()
        for (const one of signals) one.removeEventListener('abort', end)
        end()
      }
    },
    onEdge,
    end: () => void take({ type: 'end' }),
    state() {
      if (broken !== undefined) throw broken
      return ledger.value
    },
    doubts: () => [...ledger.prepared.values()].map(({ from }) => from),
    async close() {
      closed.abort()
      unsubscribe()
      await tail
    },
  }

  function onEdge(listener: (outcome: EdgeOutcome) => void): () => void {
    listeners.add(listener)
    return () => listeners.delete(listener)
  }
}
