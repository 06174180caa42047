/** What came of a simulation: numbers about the whole, which no single peer could give. */
import type { PeerEvent } from '../../../peers/events.ts'
import { agreed, outcomesOf } from '../outcome.ts'
import type { Simulation } from './simulate.ts'

export interface SimulationFigures extends Simulation {
  /** Do all peers that did their rounds hold the same global adapter? */
  readonly agreed: boolean
  /** Peers that did their rounds. */
  readonly finished: number
  /** Bytes that peers sent and received, by the round that they were in. */
  readonly bytes: readonly RoundBytes[]
  /** What is a model here and the product's code elsewhere. */
  readonly modelled: readonly string[]
}

export interface RoundBytes {
  readonly round: number
  readonly sent: number
  readonly received: number
}

export function figuresOf(simulation: Simulation, events: readonly PeerEvent[], gossip: string): SimulationFigures {
  const done = outcomesOf(events).filter(({ stopped }) => stopped === 'done')
  const verdict = { agreed: agreed(done), finished: done.length }
  return { ...simulation, ...verdict, bytes: bytesByRound(events), modelled: [...modelled, gossip] }
}

const modelled = [
  'Learning: a quadratic objective for each peer in place of the model and FedPIT’s round; its time is drawn.',
  'Links, clocks and disks, with the faults of the scenario.',
  'Joining: peers that can reach each other are connected at once; the hello is not spoken.',
  'Bytes: messages as the product encodes them, without frames, signatures and gossip’s repeats.',
]

/** Counters begin again with each life of a peer, so differences are added up. */
function bytesByRound(events: readonly PeerEvent[]): RoundBytes[] {
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
  return [...rounds].sort(([a], [b]) => a - b).map(([round, sums]) => ({ round, ...sums }))
}
