/**
 * Each round pairs the peers at random and each pair averages (Boyd et al. 2006; the synchronous form of AD-PSGD,
 * Lian et al. 2018). The disagreement falls by about 0.707 a round, whatever n.
 */
import { createRandom } from '../../core/random.ts'
import { edge, type Round, type Topology } from '../schedule.ts'

export const randomMatching: Topology = {
  name: 'random-matching',
  preservesMean: true,
  // Two peers are equal after one round; more need about 20 to a thousandth.
  rounds: (n, seed) => Array.from({ length: n < 2 ? 0 : n === 2 ? 1 : 20 }, (_, round) => matching(n, seed, round)),
}

/** The pairs of one round: the same on every peer that knows n and the seed. With n odd one peer waits. */
function matching(n: number, seed: string, round: number): Round {
  const order = createRandom(seed)
    .derive(`matching ${round}`)
    .shuffle(Array.from({ length: n }, (_, i) => i))
  return Array.from({ length: Math.floor(n / 2) }, (_, i) => edge(order[2 * i] ?? 0, order[2 * i + 1] ?? 0, 1, 2))
}
