/**
 * Every pair is linked with probability p (Erdős and Rényi 1959; Gilbert's form). Unless given, p is 2 ln(n) / n:
 * twice what keeps large graphs in one piece.
 */
import type { Draw } from './drawn.ts'
import type { Link } from './graph.ts'

export function erdosRenyi(p?: number): Draw {
  return {
    name: p === undefined ? 'erdos-renyi' : `erdos-renyi-${p}`,
    links: (n, random) => {
      const chance = p ?? (2 * Math.log(n)) / n
      const links: Link[] = []
      for (let a = 0; a < n; a++) {
        for (let b = a + 1; b < n; b++) {
          if (random.next() < chance) links.push([a, b])
        }
      }
      return links
    },
  }
}
