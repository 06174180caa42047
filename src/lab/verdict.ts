/** Who of a run came to its end, and whether those hold the same adapter. */
import { consensusWords } from './asynchronous-summary.ts'
import { agreed, type PeerOutcome } from './outcome.ts'

/** Those that came to their end: of their rounds, or of the updates where there are none. */
export const finished = (outcomes: readonly PeerOutcome[]): PeerOutcome[] =>
  outcomes.filter(({ stopped }) => stopped === 'done')

/** `peers`: of the run, as one that failed early has said nothing. Undefined where all came to their end. */
export function countWords(outcomes: readonly PeerOutcome[], peers: number): string | undefined {
  const { length } = finished(outcomes)
  return length === peers ? undefined : `${length} of ${peers} peers came to their end`
}

/** In one sentence or two. */
export function verdictOf(outcomes: readonly PeerOutcome[], peers: number): string {
  const count = countWords(outcomes, peers)
  const apart = consensusWords(outcomes)
  if (apart !== undefined) return count === undefined ? apart : `${count}. ${apart}`
  const same = agreed(finished(outcomes))
  const holds = `${same ? 'hold' : 'do NOT hold'} the same global adapter.`
  return count === undefined ? `${same ? 'All' : 'The'} peers ${holds}` : `${count}; those ${holds}`
}
