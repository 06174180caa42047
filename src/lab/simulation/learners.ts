/** What the peers of a simulation learn with: a stand-in, or the engine. How long it takes them is drawn for both. */
import type { PeerEventBody } from '../../../peers/events.ts'
import type { Clock } from '../../../peers/kernel/ports.ts'
import type { GlobalCodec } from '../../../peers/wiring/global-state.ts'
import type { Learning } from '../../../peers/wiring/learning.ts'
import type { Random } from '../../core/random.ts'
import type { SimulationScenario } from './scenario.ts'

export interface Learners {
  /** Of a peer that has the federation's rank. */
  readonly codec: GlobalCodec
  codecOf(peer: string): GlobalCodec
  /** For one life of a peer. */
  learning(peer: string, life: LearningLife): Learning
  /** Of all peers together, where it is known: the numbers of it that the session of a round mixes. */
  readonly optimum?: (round: number) => Float64Array
  /** Distance between the optimum and the point where averaged training ends (client drift). */
  readonly drift?: number
}

export interface LearningLife {
  readonly clock: Clock
  /** How many times longer than usual the peer's work takes now. */
  readonly pace: () => number
  readonly publish: (event: PeerEventBody) => void
  /** Aborted when the peer is killed: nobody waits for its work any more. */
  readonly killed: AbortSignal
}

type Work = 'generate' | 'train' | 'personalise' | 'evaluate'

/** Lets the time of this work pass, drawn anew for each round or, without one, each time. */
export function spender(times: SimulationScenario['standIn'], random: Random, { clock, pace }: LearningLife) {
  const spans = {
    generate: times.generateSeconds,
    train: times.trainSeconds,
    personalise: times.personaliseSeconds,
    evaluate: times.evaluateSeconds,
  }
  let spent = 0
  return (what: Work, round: number | undefined, signal: AbortSignal): Promise<void> => {
    const [low, high] = spans[what]
    if (round === undefined) spent += 1
    const seconds = low + random.derive(`${what} ${round ?? spent}`).next() * (high - low)
    return clock.sleep(1000 * pace() * seconds, signal)
  }
}
