/** Each peer with its two neighbours; slow, sparse, and what every paper compares with. */
import type { Topology } from '../schedule.ts'
import { type Link, metropolisRound, repeated } from './graph.ts'

export const ring: Topology = {
  name: 'ring',
  preservesMean: true,
  rounds: (n) => {
    if (n < 2) return []
    const links: Link[] = Array.from({ length: n === 2 ? 1 : n }, (_, i) => [i, (i + 1) % n])
    return repeated(metropolisRound(links), n)
  },
}
