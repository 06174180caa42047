/** What came of all peers that mixed without rounds: how often they exchanged, how old states were, how far apart they end. */
import { resultGrid } from '../averaging/fixed-point.ts'
import { sketchDistance } from '../averaging/sketch.ts'
import type { PeerOutcome } from './outcome.ts'
import { align } from './table.ts'

/**
 * Root mean square distance of what the peers ended with to its mean, estimated from sketches (a tenth or so off);
 * undefined where they mixed in rounds.
 */
export function consensusDistance(outcomes: readonly PeerOutcome[]): number | undefined {
  const sketches = outcomes.flatMap(({ asynchronous }) => (asynchronous === undefined ? [] : [asynchronous.sketch]))
  if (sketches.length === 0) return undefined
  const mean = (sketches[0] ?? []).map(
    (_, row) => sketches.reduce((sum, one) => sum + (one[row] ?? 0), 0) / sketches.length,
  )
  const squares = sketches.reduce((sum, one) => sum + sketchDistance(one, mean, 1) ** 2, 0)
  return Math.sqrt(squares / sketches.length) * 2 ** resultGrid.exponent
}

/** Undefined where the peers mixed in rounds. */
export function consensusWords(outcomes: readonly PeerOutcome[]): string | undefined {
  const distance = consensusDistance(outcomes)
  if (distance === undefined) return undefined
  return `Without rounds every peer holds an adapter of its own; their consensus distance is about ${distance.toExponential(1)}.`
}

/** A line a peer, the head first; nothing where they mixed in rounds. */
export function asynchronousRows(outcomes: readonly PeerOutcome[]): string[][] {
  const rows = outcomes.flatMap(({ name, asynchronous }) => {
    if (asynchronous === undefined) return []
    const { updates, version, exchanges, staleness } = asynchronous
    const { done, stale, failed } = exchanges
    const ages = staleness === null ? ['-', '-'] : [staleness.mean.toFixed(2), staleness.most.toFixed(2)]
    return [[name, String(updates), version.toFixed(2), ...[done, stale, failed].map(String), ...ages]]
  })
  const head = ['peer', 'own updates', 'version', 'exchanges', 'refused as stale', 'failed', 'staleness', 'most']
  return rows.length === 0 ? [] : [head, ...rows]
}

/** As text: nothing or one table. */
export function asynchronousTable(outcomes: readonly PeerOutcome[]): string[] {
  const rows = asynchronousRows(outcomes)
  return rows.length === 0 ? [] : [align(rows)]
}
