/**
 * A random graph in which everyone has k neighbours: a circulant graph whose links change ends in pairs, many times
 * (the switch chain; Cooper, Dyer, Greenhill 2007), with the peers shuffled. Where n * k is odd no such graph exists,
 * and one peer has k - 1; up to k + 1 peers it is the complete graph.
 */
import type { Random } from '../../core/random.ts'
import type { Draw } from './drawn.ts'
import type { Link } from './graph.ts'

export function kRegular(k: number): Draw {
  return {
    name: `k-regular-${k}`,
    links: (n, random) => regularLinks(n, Math.min(k, n - 1), random),
    exactAfter: (n) => (n < 2 ? 0 : n <= k + 1 ? 1 : undefined),
  }
}

/** Switches for each link: several times what it takes to forget the circulant. */
const switches = 10

function regularLinks(n: number, k: number, random: Random): Link[] {
  const peers = random.shuffle(Array.from({ length: n }, (_, i) => i))
  const key = (x: number, y: number) => Math.min(x, y) * n + Math.max(x, y)
  const ends = new Map<number, Link>()
  for (const [i, j] of circulantLinks(n, k)) {
    const [x, y] = [peers[i] ?? 0, peers[j] ?? 0]
    ends.set(key(x, y), [x, y])
  }
  const links = [...ends.values()]
  const taken = new Set(ends.keys())
  for (let step = 0; step < switches * links.length; step++) {
    const [i, j] = [random.below(links.length), random.below(links.length)]
    const [a, b] = links[i] as Link
    const [c, d] = random.below(2) === 0 ? (links[j] as Link) : ([...(links[j] as Link)].reverse() as [number, number])
    if (a === c || a === d || b === c || b === d || taken.has(key(a, d)) || taken.has(key(c, b))) continue
    taken.delete(key(a, b))
    taken.delete(key(c, d))
    taken.add(key(a, d)).add(key(c, b))
    links[i] = [a, d]
    links[j] = [c, b]
  }
  return links
}

/** The k / 2 next ones on either side, and with k odd the one opposite. */
function circulantLinks(n: number, k: number): Link[] {
  const links: Link[] = []
  const opposite = Math.floor(n / 2)
  for (let i = 0; i < n; i++) {
    for (let step = 1; step <= Math.floor(k / 2); step++) links.push([i, (i + step) % n])
    if (k % 2 === 1 && i < opposite) links.push([i, i + opposite])
  }
  return links
}
