/**
 * OU-EquiDyn (Song et al., "Communication-Efficient Topologies for Decentralized Learning with O(1) Consensus Rate",
 * 2022): each round a shift a of the ring is drawn, and from a drawn start on, whoever is still free is matched with the
 * peer a places on, if that is free too. Half a step towards the matrix of the shift, so a pair has (n - 1) / 2n.
 */
import { createRandom } from '../../core/random.ts'
import { type Edge, edge } from '../schedule.ts'
import { endless } from './kinds.ts'

export const equitopo = endless({
  name: 'equitopo',
  schedule: (n, seed) => {
    const random = createRandom(seed)
    return (t) => {
      if (n < 2) return []
      const draw = random.derive(`equitopo ${t}`)
      const [shift, start] = [1 + draw.below(n - 1), draw.below(n)]
      const taken = new Set<number>()
      const edges: Edge[] = []
      for (let step = 0; step < n; step++) {
        const a = (start + step) % n
        const b = (a + shift) % n
        if (taken.has(a) || taken.has(b)) continue
        taken.add(a).add(b)
        edges.push(edge(a, b, n - 1, 2 * n))
      }
      return edges
    }
  },
})
