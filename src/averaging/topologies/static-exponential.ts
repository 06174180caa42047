/**
 * Each peer with those 1, 2, 4, 8 ... places away (Ying et al., "Exponential Graph is Provably Efficient", 2021). Theirs
 * is directed, with log2(n) sends a round; the exchange is symmetric, so this is the undirected graph, with nearly twice
 * the links and a larger gap.
 */
import { graph, type Link } from './graph.ts'

export const staticExponential = graph({
  name: 'static-exponential',
  links: (n) => hops(n).flatMap((hop) => Array.from({ length: n }, (_, i): Link => [i, (i + hop) % n])),
  // A circulant matrix: its eigenvalues are the Fourier transform of a row.
  expectedContraction: (n) => {
    const offsets = new Set(hops(n).flatMap((hop) => [hop, n - hop]))
    const eigenvalue = (k: number) =>
      [...offsets].reduce((sum, hop) => sum + Math.cos((2 * Math.PI * k * hop) / n), 1) / (1 + offsets.size)
    return Math.max(0, ...Array.from({ length: n - 1 }, (_, k) => Math.abs(eigenvalue(k + 1))))
  },
})

/** Powers of two below n. */
export function hops(n: number): number[] {
  const found: number[] = []
  for (let hop = 1; hop < n; hop *= 2) found.push(hop)
  return found
}
