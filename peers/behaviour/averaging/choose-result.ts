/**
 * Whose bytes a session ends with. Every peer decides from what it has heard; the more they have heard alike, the more
 * surely they choose alike, and a majority draws the others after it.
 */
import { mostCentral } from '../../../src/averaging/sketch.ts'
import type { PeerKey } from '../../kernel/ports.ts'

export interface Claim {
  readonly peer: PeerKey
  readonly digest: string
  readonly sketch: readonly number[]
}

export interface Standing {
  /** States that peers mixed, this peer's among them. */
  readonly mixed: readonly Claim[]
  /** States that the other live members have settled on. */
  readonly settled: readonly Claim[]
  /** What this peer has settled on. */
  readonly held?: string | undefined
  /** Live members, this peer among them if it mixed. */
  readonly members: number
  /** Can this peer get hold of the bytes? */
  readonly obtainable: (digest: string) => boolean
  /** Time is short: better what most have than what is best. */
  readonly late: boolean
}

/**
 * At first the state nearest to the median of all sketches, so that an outlier which missed its exchanges never wins.
 * A choice then stands, because somebody may have seen that all agree and gone, unless more than half of the members
 * made another one, or all have chosen (or time is short) and another one leads.
 */
export function chooseResult({ mixed, settled, held, members, obtainable, late }: Standing): string | undefined {
  const choices = [...settled.map(({ digest }) => digest), ...(held === undefined ? [] : [held])]
  const votes = new Map<string, number>()
  for (const digest of choices) if (obtainable(digest)) votes.set(digest, (votes.get(digest) ?? 0) + 1)
  const [leader] = [...votes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const decided = late || (held !== undefined && choices.length >= members)
  if (leader !== undefined && (decided || leader[1] > members / 2)) return leader[0]
  if (held !== undefined) return held
  const candidates = mixed.filter(({ digest }) => obtainable(digest)).sort((a, b) => (a.digest < b.digest ? -1 : 1))
  return candidates[mostCentral(candidates.map(({ sketch }) => sketch))]?.digest
}
