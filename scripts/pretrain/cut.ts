/** The tokenizer of `nano` in many ways, each of which cuts words in other, smaller pieces (src/nano/tokenizer/pieces.ts). */
import { createRandom, type Random } from '../../src/core/random.ts'
import { withoutMerges } from '../../src/nano/tokenizer/pieces.ts'
import { createTokenizer, type Tokenizer } from '../../src/tokenizer/tokenizer.ts'
import type { TokenizerFiles } from '../../src/tokenizer/tokenizer-files.ts'

/** How many ways of cutting there are, and the largest share of the merges that one goes without. */
const cuts = { ways: 200, most: 0.5 }
/** Draws one of them. */
export type Cut = (random: Random) => Tokenizer

/** A tokenizer takes milliseconds to make. */
export function createCut(files: TokenizerFiles): Cut {
  const made = new Map<number, Tokenizer>()
  const cutIn = (way: number): Tokenizer => {
    const random = createRandom(`nano/pieces/${way}`)
    return createTokenizer(withoutMerges(files, cuts.most * random.next(), random))
  }
  return (random) => {
    const way = random.below(cuts.ways)
    const tokenizer = made.get(way) ?? cutIn(way)
    made.set(way, tokenizer)
    return tokenizer
  }
}
