/** What all topologies of a kind have in common: a list of rounds that is exact, or rounds without an end. */
import { roundsTo } from '../measure.ts'
import type { Round, Schedule, Topology } from '../schedule.ts'

/** Rounds after which all peers hold the mean, for any number of peers and without a draw. */
export function finite(name: string, rounds: (n: number) => readonly Round[]): Topology {
  return {
    name,
    preservesMean: true,
    symmetric: true,
    exactAfter: (n) => rounds(n).length,
    rounds,
    schedule: (n) => cycle(rounds(n)),
  }
}

/** The rounds, again and again. */
export function cycle(rounds: readonly Round[]): Schedule {
  return (t) => rounds[t % rounds.length] ?? []
}

type Endless = Pick<Topology, 'name' | 'schedule' | 'exactAfter' | 'expectedContraction' | 'graph'>

/** What is left of the disagreement at the end of a session. */
const goal = 1e-3
/** What is not mixed by then is left to the mop-up and the snap. */
export const mostRounds = 96

/** A session takes what makes it exact, or else the rounds until a thousandth of the disagreement is left. */
export function endless(own: Endless): Topology {
  return {
    ...own,
    preservesMean: true,
    symmetric: true,
    rounds: (n, seed) => {
      if (n < 2) return []
      const schedule = own.schedule(n, seed)
      const length = own.exactAfter?.(n) ?? roundsTo(goal, schedule, n, { mostRounds }) ?? mostRounds
      const rounds = Array.from({ length }, (_, t) => schedule(t))
      return rounds.every((round) => round.length === 0) ? [] : rounds
    },
  }
}
