/** The ledger made real: its effects in order, over the network and the journal. One for a peer's whole life. */
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import { sha256 } from '../../../src/averaging/digest.ts'
import { mixingGrid, weightGrid } from '../../../src/averaging/fixed-point.ts'
import type { Ratio } from '../../../src/averaging/schedule.ts'
import { recoverLedger } from '../../behaviour/averaging/journal.ts'
import { decodeLedgerRecord } from '../../behaviour/averaging/journal-record.ts'
import type { Ledger, LedgerEffect, LedgerInput } from '../../behaviour/averaging/ledger.ts'
import { hasBegun, ledgerStep } from '../../behaviour/averaging/ledger-step.ts'
import type { PeerEventBody } from '../../events.ts'
import type { Clock, Network, PeerKey, Store } from '../../kernel/ports.ts'
import { countStart } from './incarnation.ts'
import { openJournal } from './journal-log.ts'

export type EdgeOutcome = Omit<Extract<LedgerEffect, { type: 'edge' }>, 'type'>

export interface LedgerDriver {
  /** Has this peer begun this session before, in this life or an earlier one? Then it cannot begin it again. */
  hasBegun(session: string): boolean
  /** Starts a session from this state; durable when it resolves. What an earlier session left in doubt is void. */
  begin(session: string, state: Int32Array): Promise<void>
  /** Starts a mixing round with these partners: copies the state, and answers offers that came early. */
  round(mixing: number, partners: ReadonlyMap<PeerKey, Ratio>): void
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
  readonly emit: (event: PeerEventBody) => void
}

/** Pause between repeats of what waits for an answer. */
const remindMs = 500

/** Counts this start durably, recovers what the last one left, and answers for it from now on. */
export async function openLedger({ network, store, clock, emit }: LedgerPorts): Promise<LedgerDriver> {
  const incarnation = await countStart(store)
  const journal = await openJournal(store)
  const scale = `int32/2^${mixingGrid.exponent}/2^${weightGrid.exponent}`
  let ledger: Ledger = recoverLedger(
    { self: network.self, incarnation, scale, digest: sha256 },
    journal.records.map(decodeLedgerRecord),
  )
  const listeners = new Set<(outcome: EdgeOutcome) => void>()
  const closed = new AbortController()
  let tail: Promise<void> = Promise.resolve()
  let compacting = false
  let broken: unknown

  /** Effects of later inputs wait for those of earlier ones: what is said is durable before it is said. */
  const take = (input: LedgerInput): readonly LedgerEffect[] => {
    const [next, effects] = ledgerStep(ledger, input)
    ledger = next
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
    while (!closed.signal.aborted) {
      await clock.sleep(remindMs, closed.signal)
      take({ type: 'remind' })
    }
  }
  const receive = (from: PeerKey, message: ExchangeMessage): void => void take({ type: 'message', from, message })
  const unsubscribe = network.subscribe((event) => {
    if (event.type === 'exchange') receive(event.from, event.message)
  })
  void remind().catch(() => {})

  const settled = async (): Promise<void> => {
    await tail
    if (broken !== undefined) throw broken
  }
  return {
    hasBegun: (session) => hasBegun(ledger, session),
    begin(session, state) {
      take({ type: 'begin', session, value: state })
      return settled()
    },
    round: (mixing, partners) => void take({ type: 'round', mixing, partners }),
    async attempt(to, timeoutMs, signal) {
      signal.throwIfAborted()
      const { mixing } = ledger
      const over = new AbortController()
      const outcome = new Promise<string | undefined>((resolve) => {
        const off = onEdge((edge) => {
          if (edge.other !== to || edge.mixing !== mixing) return
          off()
          resolve(edge.outcome === 'done' ? undefined : edge.reason)
        })
      })
      const offered = take({ type: 'offer', to }).find((effect) => effect.type === 'offered')
      if (offered === undefined) return 'not a partner of this round'
      const wait = clock.sleep(timeoutMs, AbortSignal.any([over.signal, signal, closed.signal])).then(
        () => {},
        () => {},
      )
      // Closing an offer that was answered meanwhile does nothing; one that was not ends in a failed edge.
      void wait.then(() => take({ type: 'expire', xid: offered.xid }))
      const stopped = wait.then(settled).then(() => (closed.signal.aborted ? 'closed' : outcome))
      const reason = await Promise.race([outcome, stopped])
      over.abort()
      return reason
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
