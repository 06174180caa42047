/**
 * Everything that can happen to one exchange: every state of a peer, and every way from it to the next. A peer carries
 * out its effects one by one and can be killed before and after each of them, also while it starts again. States are
 * interned, so that a way is walked once however often it is come by.
 */
import { checkpointOf, recoverLedger } from '../../peers/behaviour/averaging/journal.ts'
import {
  decodeLedgerRecord,
  encodeLedgerRecord,
  type LedgerRecord,
} from '../../peers/behaviour/averaging/journal-record.ts'
import { type Ledger, type LedgerEffect, type LedgerInput, openTerms } from '../../peers/behaviour/averaging/ledger.ts'
import { ledgerStep } from '../../peers/behaviour/averaging/ledger-step.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Codec } from '../../src/averaging/codecs/codec.ts'
import { fixed } from '../../src/averaging/codecs/fixed.ts'

/** A rule of the protocol that is broken on purpose. */
export type Broken =
  | 'an xid is unique per start and attempt'
  | 'an xid is unique per start'
  | 'an xid is unique per attempt'
  | 'ABORTED is a promise'
  | 'the responder never decides alone'
  | 'PREPARED is durable before COUNTER'
  | 'COMMITTED is durable before COMMIT'
  | 'compaction keeps what is in doubt'

/** One peer: what it has in memory unless it is down, what it has yet to do, and what it has on its disk. */
export interface Side {
  readonly id: number
  readonly self: string
  readonly ledger?: Ledger
  /** Down, but this start is counted. */
  readonly counted: boolean
  readonly queue: readonly LedgerEffect[]
  readonly incarnation: number
  readonly journal: readonly LedgerRecord[]
  /** What an observer has seen: exchanges applied for good, and those reported as given up. */
  readonly applied: readonly string[]
  readonly drifted: readonly string[]
  /** Updates that are durable. */
  readonly updates: number
}

export interface Flight {
  readonly id: number
  readonly to: string
  readonly text: string
  readonly from: string
  readonly message: ExchangeMessage
}

export type Move = { readonly side: Side; readonly said?: Flight }

const weight = { num: 1, den: 2 }
const digest = (delta: Int32Array): string => String(delta)

/** Moves less than the exchange does, and makes the versions differ. */
export const update = Int32Array.of(300, -200, 4096)
const staleness = { weight: 'polynomial', bound: 4, floor: 0.1 } as const
const roundlessTerms = { ...openTerms, staleness }

/** `roundless`: either side may begin an exchange, updates come at any time, and a peer that starts again goes on. */
export function createExchangeSpace(broken?: Broken, codec: Codec = fixed, roundless = false) {
  const configOf = (self: string, incarnation: number) => ({ self, incarnation, scale: 'grid', codec, digest })
  const sides = new Map<string, Side>()
  const flights = new Map<string, Flight>()
  const moves = new Map<string, Move>()

  const intern = (side: Omit<Side, 'id'>): Side => {
    const text = textOf(side)
    const known = sides.get(text)
    if (known !== undefined) return known
    const fresh = { ...side, id: sides.size }
    sides.set(text, fresh)
    return fresh
  }
  const fly = (from: string, to: string, message: ExchangeMessage): Flight => {
    const text = `${message.type} ${message.xid}${message.type === 'verdict' ? ` ${message.outcome}` : ''} to ${to}`
    const key = `${text} ${JSON.stringify(message)}`
    const flight = flights.get(key) ?? { id: flights.size, from, to, text, message }
    flights.set(key, flight)
    return flight
  }
  const walked = (side: Side, name: string, walk: () => Move): Move => {
    const key = `${side.id} ${name}`
    const move = moves.get(key) ?? walk()
    moves.set(key, move)
    return move
  }
  const feed = (side: Side, name: string, input: LedgerInput): Side =>
    walked(side, name, () => {
      let ledger = side.ledger as Ledger
      if (input.type === 'offer' && broken?.startsWith('an xid is unique per') && !broken.endsWith('start')) {
        ledger = { ...ledger, attempts: 0 }
      }
      const [next, effects] = ledgerStep(ledger, input)
      const lasting = effects.filter(
        ({ type }) => type === 'append' || type === 'replace' || type === 'send' || type === 'drift',
      )
      return { side: intern({ ...side, ledger: next, queue: [...side.queue, ...disordered(lasting)] }) }
    }).side
  const disordered = (effects: readonly LedgerEffect[]): readonly LedgerEffect[] => {
    const hasty = { prepared: 'PREPARED is durable before COUNTER', committed: 'COMMITTED is durable before COMMIT' }
    const [first, ...rest] = effects
    const swapped = first?.type === 'append' && first.record.type in hasty
    return swapped && hasty[first.record.type as keyof typeof hasty] === broken ? [...rest, first] : effects
  }
  /** Carries out the first effect that is left. */
  const perform = (side: Side): Move =>
    walked(side, 'perform', () => {
      const [effect, ...queue] = side.queue
      switch (effect?.type) {
        case 'append': {
          const { record } = effect
          const applied = record.type === 'applied' ? [...side.applied, record.xid] : side.applied
          const updates = side.updates + (record.type === 'updated' ? 1 : 0)
          return {
            side: intern({ ...side, queue, applied, updates, journal: [...side.journal, throughBytes(record)] }),
          }
        }
        case 'replace': {
          const kept = broken === 'compaction keeps what is in doubt' ? effect.records.slice(0, 1) : effect.records
          return { side: intern({ ...side, queue, journal: kept.map(throughBytes) }) }
        }
        case 'drift':
          return { side: intern({ ...side, queue, drifted: [...side.drifted, effect.xid] }) }
        case 'send': {
          const { to, message } = effect
          const hasty = broken === 'ABORTED is a promise' && message.type === 'verdict' && message.outcome === 'pending'
          return {
            side: intern({ ...side, queue }),
            said: fly(side.self, to, hasty ? { ...message, outcome: 'aborted' } : message),
          }
        }
        default:
          throw new Error(`Cannot perform ${effect?.type}`)
      }
    })
  /** What a kill leaves. */
  const down = ({ ledger: _, ...side }: Side): Side => intern({ ...side, queue: [], counted: false })
  const countStart = (side: Side): Side => {
    const incarnation =
      side.incarnation + (broken?.endsWith('per start') || broken?.endsWith('start and attempt') ? 0 : 1)
    return intern({ ...side, incarnation, counted: true })
  }
  /** With rounds the product's peer sits the rest of the session out; here it goes on, which is harder on the protocol. */
  const recover = (side: Side): Side =>
    walked(side, 'recover', () => {
      const ledger = recoverLedger(configOf(side.self, side.incarnation), side.journal)
      const session = ledger.begun.at(-1)?.session as string
      if (roundless) {
        const up = intern({ ...side, counted: false, ledger })
        return { side: feed(up, 'resume', { type: 'resume', session, terms: roundlessTerms }) }
      }
      return { side: enter(intern({ ...side, counted: false, ledger: { ...ledger, session } })) }
    }).side
  const enter = (side: Side): Side =>
    feed(side, 'round', { type: 'round', mixing: 0, partners: new Map([[side.self === 'a' ? 'b' : 'a', weight]]) })
  const create = (self: string, value: readonly number[]): Side => {
    const ledger = recoverLedger(configOf(self, 1), [])
    const nothing = { queue: [], journal: [], applied: [], drifted: [], counted: false, updates: 0 }
    const side = begin(intern({ ...nothing, self, incarnation: 1, ledger }), 's', Int32Array.from(value))
    return perform(side).side
  }
  const begin = (side: Side, session: string, value: Int32Array): Side =>
    roundless
      ? feed(side, `begin ${session}`, { type: 'begin', session, value, terms: roundlessTerms })
      : enter(feed(side, `begin ${session}`, { type: 'begin', session, value }))

  return {
    create,
    feed,
    begin,
    perform,
    down,
    countStart,
    recover,
    deliver: (side: Side, { id, from, message }: Flight): Side =>
      feed(side, `hear ${id}`, { type: 'message', from, message }),
    /** What it would hold if it were killed after all that it has begun to do. */
    replayed: ({ self, incarnation, journal, queue }: Side): Ledger => {
      let records = [...journal]
      for (const effect of queue) {
        if (effect.type === 'append') records.push(effect.record)
        if (effect.type === 'replace') records = [...effect.records]
      }
      return recoverLedger(configOf(self, incarnation), records)
    },
  }
}

export type ExchangeSpace = ReturnType<typeof createExchangeSpace>

/** What a journal must bring back, in words that can be compared. */
export function durable(ledger: Ledger): string {
  const [checkpoint, ...doubts] = checkpointOf(ledger)
  const forgetful = (_: string, value: unknown): unknown => (value === true || value === false ? undefined : value)
  return JSON.stringify([checkpoint, doubts], forgetful)
}

const throughBytes = (record: LedgerRecord): LedgerRecord => decodeLedgerRecord(encodeLedgerRecord(record))

function textOf(side: Omit<Side, 'id'>): string {
  const { self, ledger, counted, queue, incarnation, journal, applied, drifted, updates } = side
  const memory = ledger && {
    ...ledger,
    config: ledger.config.incarnation,
    partners: undefined,
    offers: [...ledger.offers],
    committed: [...ledger.committed],
    prepared: [...ledger.prepared],
    closed: [...ledger.closed],
  }
  return JSON.stringify([self, memory, counted, queue, incarnation, journal, applied, drifted, updates])
}
