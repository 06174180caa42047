/**
 * Ledgers under every fault at once: messages lost, doubled and reordered, and crashes between any two effects. Effects
 * of a peer are carried out one by one, and what a crash leaves undone is lost, as in a process that is killed.
 */
import { recoverLedger } from '../../peers/behaviour/averaging/journal.ts'
import { decodeLedgerRecord, encodeLedgerRecord } from '../../peers/behaviour/averaging/journal-record.ts'
import type { Ledger, LedgerEffect, LedgerInput } from '../../peers/behaviour/averaging/ledger.ts'
import { ledgerStep } from '../../peers/behaviour/averaging/ledger-step.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Codec } from '../../src/averaging/codecs/codec.ts'
import { fixed } from '../../src/averaging/codecs/fixed.ts'
import { sha256 } from '../../src/averaging/digest.ts'
import { createRandom } from '../../src/core/random.ts'

/** A rule of the protocol that is broken on purpose. */
export type Broken =
  | 'xid unique per start'
  | 'prepared before counter'
  | 'committed before commit'
  | 'aborted is a promise'
  | 'the responder never decides alone'

interface Peer {
  readonly key: string
  ledger: Ledger
  incarnation: number
  log: Uint8Array[]
  /** Not yet carried out, in order. */
  effects: LedgerEffect[]
  /** Offers that wait for an answer, by partner. */
  offers: Map<string, string>
  done: Set<string>
}

interface Flight {
  readonly from: string
  readonly to: string
  readonly message: ExchangeMessage
}

export interface LedgerWorldOptions {
  readonly seed: string
  readonly rounds?: number
  readonly crash?: number
  readonly loss?: number
  readonly codec?: Codec
  /** Does every peer let itself be pulled from some distance only, another one in each round? */
  readonly clip?: boolean
  readonly broken?: Broken
}

const length = 3

export function runLedgerWorld({
  seed,
  rounds = 4,
  crash = 0.006,
  loss = 0.2,
  codec = fixed,
  clip = false,
  broken,
}: LedgerWorldOptions) {
  const random = createRandom(seed)
  const flights: Flight[] = []
  let commits = 0
  let longest = 0
  let crashes = 0
  let turmoil = true

  const peers: Peer[] = ['a', 'b', 'c'].map((key) => {
    const peer: Peer = {
      key,
      ledger: start(key, 1, []),
      incarnation: 1,
      log: [],
      effects: [],
      offers: new Map(),
      done: new Set(),
    }
    feed(peer, { type: 'begin', session: 's', value: Int32Array.from({ length }, () => random.below(20_001) - 10_000) })
    while (peer.effects.length > 0) perform(peer)
    return peer
  })
  const before = totals()

  function start(self: string, incarnation: number, log: readonly Uint8Array[]): Ledger {
    const config = { self, incarnation, scale: 'grid', codec, digest: sha256 }
    return recoverLedger(config, log.map(decodeLedgerRecord))
  }
  function feed(peer: Peer, input: LedgerInput): void {
    const [ledger, effects] = ledgerStep(peer.ledger, input)
    peer.ledger = ledger
    peer.effects.push(...disordered(effects))
  }
  /** What a peer does that says first and writes later. */
  function disordered(effects: readonly LedgerEffect[]): readonly LedgerEffect[] {
    const hasty =
      broken === 'prepared before counter' ? 'prepared' : broken === 'committed before commit' ? 'committed' : ''
    const [first] = effects
    return first?.type === 'append' && first.record.type === hasty ? [...effects.slice(1), first] : effects
  }
  function perform(peer: Peer): void {
    const effect = peer.effects.shift()
    switch (effect?.type) {
      case 'append':
        if (effect.record.type === 'committed') {
          commits += 1
          longest = Math.max(longest, Math.hypot(...effect.record.delta))
        }
        peer.log.push(encodeLedgerRecord(effect.record))
        return
      case 'replace':
        peer.log = effect.records.map(encodeLedgerRecord)
        return
      case 'send': {
        let { message } = effect
        if (broken === 'aborted is a promise' && message.type === 'verdict' && message.outcome === 'pending') {
          message = { ...message, outcome: 'aborted' }
        }
        flights.push({ from: peer.key, to: effect.to, message })
        return
      }
      case 'offered':
        peer.offers.set(effect.to, effect.xid)
        return
      case 'edge':
        peer.offers.delete(effect.other)
        if (effect.outcome === 'done') peer.done.add(`${effect.other} ${effect.mixing}`)
    }
  }
  function deliver(): void {
    const at = random.below(flights.length)
    const flight = flights[at] as Flight
    const again = turmoil && random.next() < 0.15
    if (!again) flights.splice(at, 1)
    if (turmoil && random.next() < loss) return
    feed(find(flight.to), { type: 'message', from: flight.from, message: flight.message })
  }
  function find(key: string): Peer {
    return peers.find((peer) => peer.key === key) as Peer
  }
  function restart(peer: Peer): void {
    crashes += 1
    if (broken !== 'xid unique per start') peer.incarnation += 1
    peer.effects = []
    peer.offers = new Map()
    const { ledger: old } = peer
    peer.ledger = start(peer.key, peer.incarnation, peer.log)
    // The product's peer sits the rest out; here it goes on, which is harder on the protocol.
    if (old.session !== undefined) peer.ledger = { ...peer.ledger, session: old.session }
    enter(peer, old.mixing)
  }
  function enter(peer: Peer, mixing: number): void {
    const others = peers.filter((other) => other !== peer).map(({ key }) => [key, { num: 1, den: 3 }] as const)
    const reach = clip ? { reach: 100 * (1 + random.below(100)) } : {}
    feed(peer, { type: 'round', mixing, partners: new Map(others), ...reach })
  }
  function totals(): number[] {
    const values = peers.map(({ key, log }) => start(key, 0, log).value)
    return Array.from({ length }, (_, c) => values.reduce((sum, value) => sum + (value[c] as number), 0))
  }

  for (let t = 0; t < rounds * 120; t++) {
    const peer = peers[random.below(peers.length)] as Peer
    const other = peers[random.below(peers.length)] as Peer
    const dice = random.next()
    if (dice < crash) restart(peer)
    else if (dice < 0.05) enter(peer, Math.min(peer.ledger.mixing + 1, rounds - 1))
    else if (dice < 0.12) feed(peer, { type: 'remind' })
    else if (dice < 0.14) expireOne(peer)
    else if (dice < 0.3 && peer.key < other.key && peer.ledger.mixing >= 0) {
      if (!peer.offers.has(other.key) && !peer.done.has(`${other.key} ${peer.ledger.mixing}`)) {
        feed(peer, { type: 'offer', to: other.key })
      }
    } else if (dice < 0.31 && broken === 'the responder never decides alone') {
      const [xid, entry] = [...peer.ledger.prepared][0] ?? []
      if (xid !== undefined && entry !== undefined) {
        feed(peer, { type: 'message', from: entry.from, message: { type: 'verdict', xid, outcome: 'aborted' } })
      }
    } else if (dice < 0.33) feed(peer, { type: 'compact' })
    else if (dice < 0.65 && flights.length > 0) deliver()
    else if (peer.effects.length > 0) perform(peer)
  }
  function expireOne(peer: Peer): void {
    const [xid] = [...peer.ledger.offers.keys()]
    if (xid !== undefined) feed(peer, { type: 'expire', xid })
  }

  turmoil = false
  for (let calm = 0; calm < 4; calm++) {
    for (const peer of peers) {
      while (peer.ledger.offers.size > 0) expireOne(peer)
      feed(peer, { type: 'remind' })
    }
    while (flights.length > 0 || peers.some(({ effects }) => effects.length > 0)) {
      for (const peer of peers) while (peer.effects.length > 0) perform(peer)
      if (flights.length > 0) deliver()
    }
  }
  return {
    before,
    after: totals(),
    values: peers.map(({ ledger }) => [...ledger.value]),
    /** The value in memory is a cache of the journal. */
    cached: peers.every(({ key, log, ledger }) => String(start(key, 0, log).value) === String(ledger.value)),
    doubts: peers.reduce((sum, { ledger }) => sum + ledger.prepared.size, 0),
    commits,
    /** Of all deltas that were committed. */
    longest,
    crashes,
  }
}
