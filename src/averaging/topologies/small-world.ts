/**
 * Watts and Strogatz 1998: a ring in which each peer knows the two next ones on either side, and every link moves its
 * far end, with probability beta, to a peer drawn among those that are free.
 */
import type { Draw } from './drawn.ts'
import type { Link } from './graph.ts'

export function smallWorld(beta?: number): Draw {
  return {
    name: beta === undefined ? 'small-world' : `small-world-${beta}`,
    links: (n, random) => {
      const neighbours = Array.from({ length: n }, () => new Set<number>())
      const join = (a: number, b: number) => {
        neighbours[a]?.add(b)
        neighbours[b]?.add(a)
      }
      const lattice = [1, 2].flatMap((step) => Array.from({ length: n }, (_, i): Link => [i, (i + step) % n]))
      for (const [a, b] of lattice) {
        if (a !== b) join(a, b)
      }
      for (const [a, b] of lattice) {
        if (random.next() >= (beta ?? 0.1)) continue
        const own = neighbours[a] as Set<number>
        const free = [...neighbours.keys()].filter((c) => c !== a && !own.has(c))
        const far = free[random.below(Math.max(1, free.length))]
        if (far === undefined || !own.has(b)) continue
        own.delete(b)
        neighbours[b]?.delete(a)
        join(a, far)
      }
      return neighbours.flatMap((own, a) => [...own].filter((b) => a < b).map((b): Link => [a, b]))
    },
  }
}
