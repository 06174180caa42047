import type { PeerOutcome } from './outcome.ts'

/** What each rank lacks of the mean that its peers ended with, in words; the mean over the peers of a rank. */
export function discardedWords(outcomes: readonly PeerOutcome[]): string[] {
  const byRank = Map.groupBy(
    outcomes.flatMap(({ truncated }) => (truncated === undefined ? [] : [truncated])),
    ({ rank }) => rank,
  )
  return [...byRank]
    .sort(([a], [b]) => a - b)
    .map(([rank, cuts]) => {
      const share = cuts.reduce((sum, { discarded }) => sum + discarded, 0) / cuts.length
      return `Rank ${rank} discards ${(100 * share).toFixed(1)} % of the mean.`
    })
}
