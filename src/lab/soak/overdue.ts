/** Does every live peer get through its rounds in the time that its work and its deadlines give it? */
import type { PeerEvent, Phase } from '../../../peers/events.ts'
import { extent } from '../../core/extent.ts'
import { byPeer, type Span, spansOf } from '../outcome.ts'
import type { SimulationScenario } from '../simulation/scenario.ts'

export interface Calm {
  /** Seconds: from then on nothing befalls anybody, and time counts. */
  readonly from: number
  /** Of the simulation. */
  readonly end: number
  /** How many times longer than usual work may take that was begun before. */
  readonly slowest: number
}

/** Base, global and local adapter. */
const evaluations = 3
/** For messages on their way and what is tried again. */
const slackSeconds = 5

/** Each phase and each round that took too long, in words. */
export function overdue(events: readonly PeerEvent[], scenario: SimulationScenario, calm: Calm): string[] {
  return [...byPeer(events)].flatMap(([name, own]) => overdueOf(name, own, scenario, calm))
}

function overdueOf(name: string, own: readonly PeerEvent[], scenario: SimulationScenario, calm: Calm): string[] {
  const asynchronous = scenario.mixing.timing === 'asynchronous'
  const spans = spansInCalm(own, calm)
  const limits = limitsOf(scenario, calm.slowest)
  const late = spans.flatMap(({ phase, round, from, to }) => {
    const waits = phase === 'idle' && (asynchronous || round > scenario.rounds)
    const limit = (waits ? scenario.deadlines.leave : limits[phase]) + slackSeconds
    return to - from > limit ? [`${name} was ${phase} in round ${round} ${words(to - from, limit)}`] : []
  })
  const perRound = scenario.restartSeconds + Object.values(limits).reduce((sum, limit) => sum + limit, 0)
  // Without rounds the updates of a peer that has done its last one go on counting.
  const rounds = new Set(
    spans
      .filter(({ phase }) => phase !== 'idle')
      .map(({ round }) => round)
      .filter((round) => asynchronous || round <= scenario.rounds),
  )
  const slow = [...rounds].flatMap((round) => {
    const within = spans.filter((span) => span.round === round)
    const seconds = extent(within.map(({ to }) => to)).most - extent(within.map(({ from }) => from)).least
    return seconds > perRound ? [`${name} was in round ${round} ${words(seconds, perRound)}`] : []
  })
  return [...late, ...slow]
}

const words = (seconds: number, limit: number): string =>
  `for ${seconds.toFixed(1)} s after all faults were over: expected at most ${limit.toFixed(1)}`

/** In seconds, cut to the time that counts. Where a peer has neither ended nor been killed it is in its phase to the end. */
function spansInCalm(own: readonly PeerEvent[], { from: begin, end }: Calm): Span[] {
  const spans = spansOf(own)
  // What else befalls a machine says nothing of the peer on it.
  const last = own.findLast((event) => event.type !== 'fault' || event.fault === 'kill')
  const over = last === undefined || last.type === 'stopped' || (last.type === 'fault' && last.fault === 'kill')
  return spans.flatMap((span, i) => {
    const from = Math.max(begin, span.from / 1000)
    const to = !over && i === spans.length - 1 ? end : span.to / 1000
    return to > from ? [{ ...span, from, to }] : []
  })
}

/** The longest that a peer may be in a phase (`peers/behaviour/lifecycle.ts`), in seconds. */
function limitsOf(
  { deadlines, standIn, mixing }: SimulationScenario,
  slowest: number,
): Readonly<Record<Phase, number>> {
  const { join, ready, average, pull, round } = deadlines
  const work = ([, longest]: readonly [number, number]): number => slowest * longest
  return {
    joining: join + pull,
    generating: work(standIn.generateSeconds),
    training: work(standIn.trainSeconds),
    // A peer that lives with rounds does not exchange alone, and one that lives without them does not average.
    averaging: mixing.timing === 'rounds' ? ready + average + pull : 0,
    exchanging: mixing.timing === 'rounds' ? 0 : average,
    personalising: work(standIn.personaliseSeconds),
    evaluating: evaluations * work(standIn.evaluateSeconds),
    idle: round + pull,
    leaving: 0,
  }
}
