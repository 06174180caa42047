/** Who learns together: peers with a few private examples of held-out families each, and tasks to judge them by. */
import { createRandom, type Random } from '../../src/core/random.ts'
import type { Example } from '../../src/data/example.ts'
import type { Family } from '../../src/nano/corpus/families.ts'
import { type Canary, canaryFor } from './canaries.ts'
import { drawExamples } from './draw-examples.ts'

export interface Peer {
  readonly name: string
  /** The canary is among them. */
  readonly examples: readonly Example[]
  readonly heldOut: readonly Example[]
  readonly canary: Canary
}

/** Of one peer. */
export interface Share {
  readonly examples: number
  readonly heldOut: number
}

/** One peer a trade: they have kinds of tasks in common, and neither things nor layouts. */
export function oneOfEachTrade(families: readonly Family[], share: Share, seed: string): Peer[] {
  return [...Map.groupBy(families, ({ trade }) => trade)].map(([trade, own]) => {
    const random = createRandom(`${seed}/${trade}`)
    const drawn = drawExamples(own, share.examples + share.heldOut, random)
    return peer(trade, drawn, share, random)
  })
}

/**
 * Four peers of one trade, none of whom has an example of another's: as in the paper, whose clients have parts of one data
 * set (arXiv 2403.06131, 4.1).
 */
export function fourOfOneTrade(families: readonly Family[], trade: string, share: Share, seed: string): Peer[] {
  const random = createRandom(`${seed}/four/${trade}`)
  const own = families.filter((family) => family.trade === trade)
  const each = share.examples + share.heldOut
  const drawn = drawExamples(own, 4 * each, random)
  return Array.from({ length: 4 }, (_, i) =>
    peer(`${trade} ${i + 1}`, drawn.slice(i * each, (i + 1) * each), share, random),
  )
}

function peer(name: string, drawn: readonly Example[], { examples }: Share, random: Random): Peer {
  const canary = canaryFor(random)
  return { name, canary, examples: [...drawn.slice(0, examples), canary.example], heldOut: drawn.slice(examples) }
}
