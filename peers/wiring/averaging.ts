/**
 * Averaging with whoever is there, without a server: agree on a session, carry out its edges, mop up what
 * disagreement is left, and settle on one member's bytes. Every wait ends at a deadline.
 */
import type { Codec } from '../../src/averaging/codecs/codec.ts'
import { distance, resultGrid, toGrid } from '../../src/averaging/fixed-point.ts'
import { countsAlike, gathers, type RobustName } from '../../src/averaging/robust/by-name.ts'
import type { Topology } from '../../src/averaging/schedule.ts'
import { type Start, sessionId, sketchSeed } from '../../src/averaging/session.ts'
import { sketch } from '../../src/averaging/sketch.ts'
import { stateBytes } from '../../src/averaging/state-bytes.ts'
import { fromMixture, parametersOf } from '../../src/averaging/weighted.ts'
import type { PeerEventBody } from '../events.ts'
import type { Clock, Network, PeerKey, Store } from '../kernel/ports.ts'
import { agree } from './averaging/agreement.ts'
import { openBoard } from './averaging/board.ts'
import { type GatherRule, gather } from './averaging/gather.ts'
import { openLedger } from './averaging/ledger-driver.ts'
import { mix } from './averaging/mix.ts'
import type { Plan, Plans } from './averaging/plans.ts'
import { robustGathering } from './averaging/robust-gathering.ts'
import { type Result, settle, show } from './averaging/settle.ts'
import { openUnsaid } from './averaging/unsaid.ts'
import type { Hearing } from './hearing.ts'

export interface AveragingParts {
  readonly network: Network
  readonly hearing: Hearing
  readonly plans: Plans
  readonly store: Store
  readonly clock: Clock
  readonly codec: Codec
  readonly robust: RobustName
  readonly emit: (event: PeerEventBody) => void
}

export interface AverageInput extends Start {
  /** What the round began from, of which `startDigest` is the digest. */
  readonly base: Float32Array
  /** What is shared, flat; the same length on every peer, unless a rule says otherwise. */
  readonly parameters: Float32Array
  /** What the parameters were when the round began, where that is not `base`: a rule may take other lengths. */
  readonly before?: Float32Array | undefined
  /** Does the next session mix the same numbers, so that what a lossy codec left unsaid can be brought to it? */
  readonly carries: boolean
  /** Private examples held: the weight. With 0 the parameters are not mixed, and the others' result is taken. */
  readonly examples: number
  readonly topology: Topology
  /** Milliseconds for the whole session, whoever dies. */
  readonly deadlineMs: number
  /** Where given, all members gather what each brings, of any length that the rule takes, in place of exchanges. */
  readonly rule?: GatherRule | undefined
  /** Of what follows from the parameters that all settle on, for whoever reads the events. */
  readonly digestOf: (parameters: Float32Array) => string
}

export interface Averaged {
  readonly parameters: Float32Array
  /** Of the state's bytes (`src/averaging/state-bytes.ts`), which the network now offers. */
  readonly digest: string
  readonly bytes: number
  /** Peers whose parameters were mixed. */
  readonly peers: number
  readonly session: string
  /** Largest distance between what this peer mixed and what all settled on, in units of 2^-20. */
  readonly snapUnits: number
  /** False: there was nobody to mix with, or nothing to mix. The parameters may be the others' all the same. */
  readonly mixed: boolean
}

export interface Averaging {
  average(input: AverageInput, signal: AbortSignal): Promise<Averaged>
  close(): Promise<void>
}

/**
 * What is carried loses half of itself a session. Of what `top-k` leaves unsaid several rounds come together, and each
 * trains against what is still on its way: carried in full it grew without end in simulations (docs/log.md).
 */
const carriedShare = 0.5

/** Shares of a session's time by which its steps end, and that of one attempt at an edge. */
const shares = { everyone: 0.15, present: 0.25, mixing: 0.65, attempt: 0.05 }

/** Recovers the journal and answers for it until closed: it is opened with the peer, not with a session. */
export async function openAveraging(parts: AveragingParts): Promise<Averaging> {
  const { network, store, clock, codec, robust, emit } = parts
  const ledger = await openLedger(parts)
  const board = openBoard(parts)
  const unsaid = openUnsaid(store)
  const wired = { ...parts, ledger, board, self: network.self }

  const finish = (input: AverageInput, session: string, peers: number, own: Result, end: Result): Averaged => {
    const { round, digestOf } = input
    const { digest, units } = end
    const snapUnits = distance(own.units, units)
    const parameters = parametersOf(units)
    emit({ type: 'averaged', round, digest: digestOf(parameters), peers, session, snapUnits })
    const bytes = stateBytes(units.length)
    return { digest, peers, session, snapUnits, bytes, parameters, mixed: peers > 1 }
  }

  const contribute = async (input: AverageInput, signal: AbortSignal): Promise<Averaged> => {
    const begun = clock.now()
    const at = (share: number): number => begun + share * input.deadlineMs
    const { round, startDigest, topology, examples } = input
    const start = { round, startDigest }
    const self = { peer: network.self, examples, edition: topology.edition }
    const base = toGrid(input.base, resultGrid)
    const before = toGrid(input.before ?? input.base, resultGrid)
    const update = sketch(
      toGrid(input.parameters, resultGrid).map((value, i) => value - (before[i] ?? 0)),
      sketchSeed(start),
    )
    const times = [at(shares.everyone), at(shares.present)] as const
    const alike = countsAlike(robust)
    const seeking = { ...start, self, update, topology, alike, times, hasBegun: ledger.hasBegun }
    const agreement = await agree(seeking, wired, signal)
    if (agreement === undefined) return receive(input, at(1), signal)
    const { session, plan, elsewhere } = agreement
    warnOfOthers(board.otherwise(start), round, emit)
    const members = plan.order.length
    if (elsewhere.length > 0) emit(differingGraphs(round, topology.name, elsewhere, members))
    const attemptMs = shares.attempt * input.deadlineMs
    const { rule } = input
    const lossy = !codec.exact && input.carries && rule === undefined && !gathers(robust) && members > 1
    const carried = !lossy ? undefined : await unsaid.beside(startDigest)
    const parameters = carried === undefined ? input.parameters : withCarried(input.parameters, carried, plan, network)
    const alone = (): Result => show(toGrid(parameters, resultGrid), start, network)
    const until = at(shares.mixing)
    const gathering = rule ?? (gathers(robust) ? robustGathering(robust, base, members) : undefined)
    const mixing = { start, agreement, base, update, parameters, attemptMs, until }
    const mixed =
      gathering !== undefined
        ? await gather({ start, agreement, rule: gathering, parameters, until }, wired, signal)
        : members < 2
          ? { own: alone(), passes: 0 }
          : await mix(mixing, wired, signal)
    if (mixed === undefined) {
      emit({ type: 'warning', code: 'averaging.gated', message: gatedWords(round) })
      return receive(input, at(1), signal)
    }
    const { own, passes } = mixed
    const settlement = { start, session, own, passes, parameters: own.units.length, until: at(1) }
    const end = (await settle(settlement, wired, signal)) ?? own
    const averaged = finish(input, session, members, own, end)
    if (lossy) {
      const held = fromMixture(ledger.state())
      await unsaid.keep(
        input.digestOf(averaged.parameters),
        held.map((value, i) => value - (end.units[i] as number)),
      )
    }
    return averaged
  }

  /** With nothing to mix: waits for the others' result; where there is none, the round ends as it began. */
  const receive = async (input: AverageInput, until: number, signal: AbortSignal): Promise<Averaged> => {
    const { round, startDigest } = input
    // Not its own update: that was refused, or is in a session that it was in before.
    const parameters = input.rule === undefined ? (input.before ?? input.base) : input.base
    const start = { round, startDigest }
    await board.until(() => board.alone() || board.muster(start).settledIn() !== undefined, until, signal)
    const members = board.muster(start).members(network.self, board.muster(start).arrivals)
    const session = board.muster(start).settledIn() ?? sessionId(start, input.topology.name, [])
    const settlement = { start, session, passes: 0, parameters: parameters.length, until }
    const own = show(toGrid(parameters, resultGrid), start, network)
    const end = members === 0 ? undefined : await settle(settlement, wired, signal)
    return finish(input, session, 0, own, end ?? own)
  }

  return {
    async average(input, signal) {
      try {
        const until = clock.now() + input.deadlineMs
        return await (input.examples > 0 ? contribute(input, signal) : receive(input, until, signal))
      } finally {
        ledger.end()
      }
    },
    async close() {
      board.close()
      await ledger.close()
    },
  }
}

/** More peers than this are counted and not named. */
const mostNamed = 8

function differingGraphs(round: number, own: string, elsewhere: readonly PeerKey[], members: number): PeerEventBody {
  const named = elsewhere.slice(0, mostNamed).join(', ')
  const expected = `expected all ${members} peers to have read the same file, got another one from ${elsewhere.length}`
  const message = `Cannot mix over ${own} in round ${round}: ${expected} (${named}); mixes in drawn pairs`
  return { type: 'warning', code: 'topology.differs', message }
}

const gatedWords = (round: number): string =>
  `Cannot mix the update of round ${round}: expected one at most five times as long as most, and got a longer one`

/** Counts once for each peer, not by its examples: it is a share of what the last session lacked, already weighted. */
function withCarried(parameters: Float32Array, carried: Int32Array, { order, share }: Plan, { self }: Network) {
  const mean = order.reduce((sum, peer) => sum + share(peer), 0) / order.length
  const scale = (carriedShare * 2 ** resultGrid.exponent * mean) / share(self)
  return parameters.map((value, i) => value + scale * (carried[i] ?? 0))
}

/** Whoever began with other bytes has another session: what is frozen in a round must be the same for all in it. */
function warnOfOthers(peers: number, round: number, emit: AveragingParts['emit']): void {
  if (peers === 0) return
  const message = `Does not mix with ${peers} of the peers, which began round ${round} with another adapter`
  emit({ type: 'warning', code: 'averaging.apart', message })
}
