/** Everyone with everyone: one round, exact. */
import { clique } from '../schedule.ts'
import { finite } from './kinds.ts'

const everyone = (n: number) => clique(Array.from({ length: n }, (_, i) => i))

export const complete = {
  ...finite('complete', (n) => (n < 2 ? [] : [everyone(n)])),
  graph: everyone,
  expectedContraction: () => 0,
}
