/** What must hold of a run whatever befell its peers, and what of it did not. */
import type { PeerEvent } from '../../../peers/events.ts'
import type { SimulationFigures } from '../simulation/figures.ts'
import type { SimulationScenario } from '../simulation/scenario.ts'
import { overdue } from './overdue.ts'

export interface SoakRun {
  readonly scenario: SimulationScenario
  readonly figures: SimulationFigures
  readonly events: readonly PeerEvent[]
  /** Secrets that left their peers, in words. */
  readonly leaks: readonly string[]
  /** Seconds: from then on nothing befalls anybody. */
  readonly calmFrom: number
  readonly slowest: number
}

/** In words; nothing, if all is well. */
export function violations({ scenario, figures, events, leaks, calmFrom, slowest }: SoakRun): string[] {
  const { sessions, unfinished, agreed, seconds } = figures
  // One that ends later has begun when all was calm.
  const calm = sessions.filter(({ at }) => at > calmFrom + scenario.deadlines.average)
  const moved = sessions.filter(({ sumKept }) => !sumKept)
  const apart = calm.filter(({ results }) => results > 1)
  return [
    ...moved.map(({ round, session }) => `The sum moved in session ${session} of round ${round}`),
    ...leaks,
    ...overdue(events, scenario, { from: calmFrom, end: seconds, slowest }),
    ...unfinished.map((peer) => `${peer} did not come to its end within ${scenario.limitSeconds} s`),
    ...apart.map(({ round, results }) => `The session of round ${round} ended with ${results} different adapters`),
    ...(agreed ? [] : ['Peers that did all their rounds hold different global adapters']),
  ]
}
