/** Everyone with everyone: one round, exact. */
import { clique, type Topology } from '../schedule.ts'

export const complete: Topology = {
  name: 'complete',
  preservesMean: true,
  exactAfter: (n) => (n < 2 ? 0 : 1),
  rounds: (n) => (n < 2 ? [] : [clique(Array.from({ length: n }, (_, i) => i))]),
}
