/**
 * The diameter of a schedule: rounds until every peer's value has reached every other. Of a graph that stays it is the
 * graph's diameter.
 */
import type { Schedule } from './schedule.ts'
import { mostRounds } from './topologies/kinds.ts'

/** In so many rounds without news nobody is going to hear more: by then every graph of a file has had its turn. */
const patience = mostRounds

/** Undefined where some peers never hear of each other. */
export function diameter(schedule: Schedule, n: number): number | undefined {
  const words = Math.ceil(n / 32)
  // Row a: a bit for every peer that a has heard of.
  let heard = new Uint32Array(n * words)
  for (let a = 0; a < n; a++) heard[a * words + (a >> 5)] = 1 << (a & 31)
  let missing = n * (n - 1)
  for (let t = 0, silent = 0; ; t++, silent++) {
    if (missing === 0) return t
    if (silent > patience) return undefined
    const next = heard.slice()
    for (const { a, b } of schedule(t)) {
      for (let w = 0, i = a * words, j = b * words; w < words; w++, i++, j++) {
        next[i] = (next[i] as number) | (heard[j] as number)
        next[j] = (next[j] as number) | (heard[i] as number)
      }
    }
    const before = missing
    missing = n * n - next.reduce((sum, word) => sum + ones(word), 0)
    if (missing < before) silent = 0
    heard = next
  }
}

function ones(word: number): number {
  let bits = word - ((word >>> 1) & 0x55555555)
  bits = (bits & 0x33333333) + ((bits >>> 2) & 0x33333333)
  return Math.imul((bits + (bits >>> 4)) & 0x0f0f0f0f, 0x01010101) >>> 24
}
