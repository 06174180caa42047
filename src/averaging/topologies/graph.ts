/**
 * A fixed undirected graph with Metropolis-Hastings weights, w_ij = 1 / (1 + max(d_i, d_j)): symmetric and doubly
 * stochastic on any graph (Xiao, Boyd, Kim 2007). The same round is repeated.
 */
import { inputError } from '../../core/errors.ts'
import { edge, mix, type Round, type Topology } from '../schedule.ts'

export type Link = readonly [number, number]

/** One round over the links among peers 0..n-1. */
export function metropolisRound(links: readonly Link[]): Round {
  const degree = new Map<number, number>()
  for (const peer of links.flat()) degree.set(peer, (degree.get(peer) ?? 0) + 1)
  return links.map(([a, b]) => edge(a, b, 1, 1 + Math.max(degree.get(a) ?? 0, degree.get(b) ?? 0)))
}

/** What is not mixed by then is left to the mop-up and the snap. */
const mostRounds = 96

/** The round, repeated until a thousandth of the disagreement is left (root mean square over all starting values). */
export function repeated(round: Round, n: number): Round[] {
  if (round.length === 0) return []
  // Column c is the response to peer c's value; disagreement is the distance of all columns from their means.
  let columns: number[][] = Array.from({ length: n }, (_, c) => Array.from({ length: n }, (_, i) => Number(i === c)))
  const goal = 1e-6 * (n - 1)
  for (let count = 1; count < mostRounds; count++) {
    columns = columns.map((values) => mix(values, round))
    const left = columns.reduce((sum, values) => sum + values.reduce((own, x) => own + (x - 1 / n) ** 2, 0), 0)
    if (left <= goal) return Array.from({ length: count }, () => round)
  }
  return Array.from({ length: mostRounds }, () => round)
}

/**
 * A topology from an edge list: two peer numbers a line, from 0; `#` begins a comment. The peers of a session take the
 * graph's places by a draw that they share, anew each session; places that stay empty are left out with their edges.
 */
export function graphFromEdgeList(text: string, file: string): Topology {
  const links: Link[] = []
  const seen = new Set<string>()
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/#.*/, '').trim()
    if (line === '') continue
    const match = /^(\d{1,5})[\s,]+(\d{1,5})$/.exec(line)
    if (match === null || match[1] === match[2]) {
      throw inputError(
        'topology.edge',
        `Cannot read ${file}:${i + 1}: expected two different peer numbers, got ${JSON.stringify(raw.slice(0, 60))}`,
        { file, line: i + 1 },
      )
    }
    const [a = 0, b = 0] = [Number(match[1]), Number(match[2])].sort((x, y) => x - y)
    if (!seen.has(`${a} ${b}`)) links.push([a, b])
    seen.add(`${a} ${b}`)
  }
  if (links.length === 0)
    throw inputError('topology.empty', `Cannot read ${file}: expected at least one edge, got none`, { file })
  return {
    name: `graph:${file}`,
    preservesMean: true,
    rounds: (n) => repeated(metropolisRound(links.filter(([, b]) => b < n)), n),
  }
}
