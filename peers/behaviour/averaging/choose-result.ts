/**
 * Whose bytes a session ends with. Every peer decides from what it has heard; the more they have heard alike, the more
 * surely they choose alike, and a majority draws the others after it.
 */
import { mostCentral } from '../../../src/averaging/sketch.ts'
import type { Claim } from './muster.ts'

export interface Standing {
  /** How many of the other live members have settled on each state. */
  readonly votes: ReadonlyMap<string, number>
  /** What this peer has settled on. */
  readonly held?: string | undefined
  /** Live members, this peer among them if it mixed. */
  readonly members: number
  /** Can this peer get hold of the bytes? */
  readonly obtainable: (digest: string) => boolean
  /** Of the states that peers mixed, this peer's among them, the most central one that can be had. */
  readonly central: () => string | undefined
  /** Time is short: better what most have than what is best. */
  readonly late: boolean
}

/**
 * At first the state nearest to the median of all sketches, so that an outlier which missed its exchanges never wins.
 * A choice then stands, because somebody may have seen that all agree and gone, unless more than half of the members
 * made another one, or all have chosen (or time is short) and another one leads.
 */
export function chooseResult({
  votes: others,
  held,
  members,
  obtainable,
  central,
  late,
}: Standing): string | undefined {
  const votes = new Map([...others].filter(([digest]) => obtainable(digest)))
  const chosen = [...others.values()].reduce((sum, count) => sum + count, held === undefined ? 0 : 1)
  if (held !== undefined && obtainable(held)) votes.set(held, (votes.get(held) ?? 0) + 1)
  const [leader] = [...votes].sort(([a, x], [b, y]) => y - x || (a < b ? -1 : 1))
  const decided = late || (held !== undefined && chosen >= members)
  if (leader !== undefined && (decided || leader[1] > members / 2)) return leader[0]
  return held ?? central()
}

/**
 * Of these states the one nearest to their median; of equals the one that most mixed, then the smallest digest. What a sketch
 * projects is known to all, so somebody may make another state with the sketch of most.
 */
export function centralOf(claims: readonly Claim[]): string | undefined {
  const counts = new Map<string, number>()
  for (const { digest } of claims) counts.set(digest, (counts.get(digest) ?? 0) + 1)
  const countOf = ({ digest }: Claim): number => counts.get(digest) ?? 0
  const candidates = [...claims].sort((a, b) => countOf(b) - countOf(a) || (a.digest < b.digest ? -1 : 1))
  return candidates[mostCentral(candidates.map(({ sketch }) => sketch))]?.digest
}
