/** Each peer with its two neighbours; slow, sparse, and what every paper compares with. */
import { graph, type Link } from './graph.ts'

export const ring = graph({
  name: 'ring',
  links: (n) => ringLinks(Array.from({ length: n }, (_, i) => i)),
  expectedContraction: (n) => (n < 3 ? 0 : 1 / 3 + (2 / 3) * Math.cos((2 * Math.PI) / n)),
})

export function ringLinks(peers: readonly number[]): Link[] {
  return peers.map((peer, i) => [peer, peers[(i + 1) % peers.length] ?? peer])
}
