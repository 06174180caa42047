/**
 * An undirected graph with Metropolis-Hastings weights, w_ij = 1 / (1 + max(d_i, d_j)): symmetric and doubly
 * stochastic on any graph (Xiao, Boyd, Kim 2007). A graph that stays gives the same round again and again.
 */
import { edge, type Round, type Topology } from '../schedule.ts'
import { endless } from './kinds.ts'

export type Link = readonly [number, number]

/** One round over the links; the weight is agreed beforehand, never inferred from what arrived. */
export function metropolisRound(links: readonly Link[]): Round {
  const degree = new Map<number, number>()
  for (const peer of links.flat()) degree.set(peer, (degree.get(peer) ?? 0) + 1)
  return links.map(([a, b]) => edge(a, b, 1, 1 + Math.max(degree.get(a) ?? 0, degree.get(b) ?? 0)))
}

interface Graph extends Pick<Topology, 'name' | 'exactAfter' | 'expectedContraction'> {
  /** Drawn by the seed, or without a draw; links may be listed twice and in either direction. */
  links(n: number, seed: string): readonly Link[]
}

export function graph({ links, ...own }: Graph): Topology {
  const round = (n: number, seed: string) => (n < 2 ? [] : metropolisRound(distinct(links(n, seed))))
  return endless({
    ...own,
    graph: round,
    schedule: (n, seed) => {
      const always = round(n, seed)
      return () => always
    },
  })
}

/** Each link once, lower peer first; a peer's link to itself is none. */
export function distinct(links: readonly Link[]): Link[] {
  const found = new Map<string, Link>()
  for (const [x, y] of links) {
    const [a, b] = x < y ? [x, y] : [y, x]
    if (a !== b) found.set(`${a} ${b}`, [a, b])
  }
  return [...found.values()]
}

/** Can everyone be reached from everyone? */
export function isConnected(links: readonly Link[], n: number): boolean {
  const neighbours: number[][] = Array.from({ length: n }, () => [])
  for (const [a, b] of links) {
    neighbours[a]?.push(b)
    neighbours[b]?.push(a)
  }
  const reached = new Set<number>([0])
  for (const peer of reached) {
    for (const next of neighbours[peer] ?? []) reached.add(next)
  }
  return reached.size >= n
}
