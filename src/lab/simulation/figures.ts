/** What came of a simulation: numbers about the whole, which no single peer could give. */
import type { PeerEvent } from '../../../peers/events.ts'
import { agreed, outcomesOf } from '../outcome.ts'
import { finished } from '../verdict.ts'
import { modelledIn } from './modelled.ts'
import type { SimulationScenario } from './scenario.ts'
import type { Simulation } from './simulate.ts'

export interface SimulationFigures extends Simulation {
  /** Do all peers that came to their end hold the same global adapter? Without rounds they need not. */
  readonly agreed: boolean
  /** Peers that came to their end: of their rounds, or of the updates where there are none. */
  readonly finished: number
  /** Bytes that peers sent and received, by the round, or else the own update, that they were in. */
  readonly bytes: readonly RoundBytes[]
  /** Exchanges that peers gave up unresolved, and by how many units a coordinate's sum may be off for them. */
  readonly givenUp: { readonly exchanges: number; readonly units: number }
  /** What is a model here and the product's code elsewhere. */
  readonly modelled: readonly string[]
}

export interface RoundBytes {
  /** Null: after a peer's last round, when it waits for the others and answers them. */
  readonly round: number | null
  readonly sent: number
  readonly received: number
}

export function figuresOf(
  scenario: SimulationScenario,
  simulation: Simulation,
  events: readonly PeerEvent[],
): SimulationFigures {
  const done = finished(outcomesOf(events))
  const verdict = { agreed: agreed(done), finished: done.length }
  // Both ends may say so of one exchange.
  const given = new Map(events.flatMap((event) => (event.type === 'drift' ? [[event.xid, event.units] as const] : [])))
  const givenUp = { exchanges: given.size, units: [...given.values()].reduce((sum, units) => sum + units, 0) }
  const last = scenario.mixing.timing === 'rounds' ? scenario.rounds : Number.POSITIVE_INFINITY
  const bytes = bytesByRound(events, last)
  return { ...simulation, ...verdict, bytes, givenUp, modelled: modelledIn(scenario) }
}

/** What was to hold whatever befell the peers, and did not, in words. */
export function brokenPromises({ sessions, asynchronous, agreed, finished }: SimulationFigures): string[] {
  const moved = sessions.filter(({ sumKept }) => !sumKept)
  // Without rounds every peer ends with an adapter of its own.
  const apart = asynchronous === undefined && finished > 0 && !agreed
  return [
    ...moved.map(({ round, session }) => `The sum moved in session ${session} of round ${round}`),
    ...(asynchronous?.sumKept === false ? ['The sum of what all peers held moved'] : []),
    ...(apart ? ['Peers that did all their rounds hold different global adapters'] : []),
  ]
}

/** Counters begin again with each life of a peer, so differences are added up. */
function bytesByRound(events: readonly PeerEvent[], last: number): RoundBytes[] {
  const peers = new Map<string, { round: number; sent: number; received: number }>()
  const rounds = new Map<number, { sent: number; received: number }>()
  for (const event of events) {
    const at = peers.get(event.name) ?? { round: 1, sent: 0, received: 0 }
    peers.set(event.name, at)
    if (event.type === 'phase') at.round = event.round
    if (event.type === 'loaded') Object.assign(at, { sent: 0, received: 0 })
    if (event.type !== 'traffic') continue
    const sum = rounds.get(at.round) ?? { sent: 0, received: 0 }
    rounds.set(at.round, {
      sent: sum.sent + event.sent - at.sent,
      received: sum.received + event.received - at.received,
    })
    Object.assign(at, { sent: event.sent, received: event.received })
  }
  const ordered = [...rounds].sort(([a], [b]) => a - b)
  // The lifecycle counts one round on when all are done.
  return ordered.map(([round, sums]) => ({ round: round > last ? null : round, ...sums }))
}
