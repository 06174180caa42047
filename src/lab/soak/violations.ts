/** What must hold of a run whatever befell its peers, and what of it did not. */
import type { PeerEvent } from '../../../peers/events.ts'
import { brokenPromises, type SimulationFigures } from '../simulation/figures.ts'
import type { SimulationScenario } from '../simulation/scenario.ts'
import { overdue } from './overdue.ts'

export interface SoakRun {
  readonly scenario: SimulationScenario
  readonly figures: SimulationFigures
  readonly events: readonly PeerEvent[]
  /** Secrets that left their peers, in words. */
  readonly leaks: readonly string[]
  /** Sessions whose members gathered, with a result that what they brought does not allow, in words. */
  readonly outside: readonly string[]
  /** Seconds: from then on nothing befalls anybody. */
  readonly calmFrom: number
  readonly slowest: number
}

/** What averaging never comes to, in words. */
export const beyondItsMembers = (session: string, round: number): string =>
  `The result of session ${session} of round ${round} is not between what its members brought`

/** In words; nothing, if all is well. */
export function violations(run: SoakRun): string[] {
  const { scenario, figures, events, leaks, outside, calmFrom, slowest } = run
  const { unfinished, seconds, sessions, asynchronous, finished } = figures
  const { codec, outer } = scenario.mixing
  // What a lossy codec left out of a session before, and momentum, come on top.
  const beyond = codec === 'fixed' && outer === 'none' ? sessions.filter(({ within }) => !within) : []
  const exchanged = events.some((event) => event.type === 'exchange' && event.outcome === 'done')
  // One that ends later has begun when all was calm.
  const calm = sessionsOf(events).filter(({ at }) => at > calmFrom + scenario.deadlines.average)
  const apart = calm.filter(({ results }) => results.size > 1)
  return [
    ...brokenPromises(figures),
    ...outside,
    ...beyond.map(({ round, session }) => beyondItsMembers(session, round)),
    ...(asynchronous !== undefined && finished > 1 && !exchanged
      ? [`${finished} peers ended without an exchange`]
      : []),
    ...leaks,
    ...overdue(events, scenario, { from: calmFrom, end: seconds, slowest }),
    ...unfinished.map((peer) => `${peer} did not come to its end within ${scenario.limitSeconds} s`),
    ...apart.map(({ round, results }) => `The session of round ${round} ended with ${results.size} different adapters`),
  ]
}

interface EndedSession {
  readonly round: number
  /** Seconds, of the first member to end. */
  readonly at: number
  /** Digests of what members ended with. */
  readonly results: Set<string>
}

/** Of more than one peer, by exchanges or by gathering. */
export function sessionsOf(events: readonly PeerEvent[]): EndedSession[] {
  const sessions = new Map<string, EndedSession>()
  for (const event of events) {
    if (event.type !== 'averaged' || event.peers < 2) continue
    const { session, round, at, digest } = event
    const known = sessions.get(session) ?? { round, at: at / 1000, results: new Set() }
    sessions.set(session, known)
    known.results.add(digest)
  }
  return [...sessions.values()]
}
