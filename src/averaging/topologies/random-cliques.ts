/**
 * Each round cuts the peers, in random order, into cliques of m, and each clique averages; what is left over is a
 * smaller one. With m = 2 this is random matching: each round pairs the peers (Boyd et al. 2006; the synchronous form of
 * AD-PSGD, Lian et al. 2018), and the disagreement falls by about 0.707 a round, whatever n.
 */
import { createRandom } from '../../core/random.ts'
import { clique, type Topology } from '../schedule.ts'
import { endless } from './kinds.ts'

export const randomMatching = cliques('random-matching', 2)

export function randomCliques(size: number): Topology {
  return cliques(`random-cliques-${size}`, size)
}

function cliques(name: string, size: number): Topology {
  return endless({
    name,
    exactAfter: (n) => (n < 2 ? 0 : n <= size ? 1 : undefined),
    // A round is a projection on what is constant in each clique: as many directions as cliques, one of them the mean.
    expectedContraction: (n) => Math.sqrt((Math.ceil(n / size) - 1) / (n - 1)),
    schedule: (n, seed) => {
      const random = createRandom(seed)
      return (t) => {
        const order = random.derive(`${name} ${t}`).shuffle(Array.from({ length: n }, (_, i) => i))
        return Array.from({ length: Math.ceil(n / size) }, (_, i) => order.slice(i * size, (i + 1) * size)).flatMap(
          clique,
        )
      }
    },
  })
}
