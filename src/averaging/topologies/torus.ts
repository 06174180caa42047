/**
 * A grid of peers with its ends joined, as near to a square as n allows: each with four neighbours, with three where
 * there are two rows. A prime number of peers has one row: a ring.
 */
import { graph } from './graph.ts'
import { ring, ringLinks } from './ring.ts'

export const torus = graph({
  name: 'torus',
  links: (n) => {
    const rows = rowsOf(n)
    const columns = n / rows
    return [
      ...range(rows).flatMap((r) => ringLinks(range(columns).map((c) => r * columns + c))),
      ...range(columns).flatMap((c) => ringLinks(range(rows).map((r) => r * columns + c))),
    ]
  },
  expectedContraction: (n) => {
    const rows = rowsOf(n)
    if (rows === 1 || n === 4) return ring.expectedContraction?.(n)
    const turn = Math.cos((2 * Math.PI * rows) / n)
    return rows === 2 ? Math.max(1 / 2, (1 + turn) / 2) : 1 - (2 / 5) * (1 - turn)
  },
})

/** The largest divisor up to the square root. */
function rowsOf(n: number): number {
  let rows = Math.floor(Math.sqrt(n))
  while (n % rows !== 0) rows -= 1
  return rows
}

const range = (count: number) => Array.from({ length: count }, (_, i) => i)
