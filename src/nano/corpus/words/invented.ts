/** Words of no language, made of syllables. */
import type { Random } from '../../../core/random.ts'
import { chance, pick } from '../draw.ts'
import { heldOutWords } from './held-out-trades.ts'

const starts = 'b br c ch d dr f fl g gr h j k kl l m n p pr qu r s sh sk st t tr v w y z'.split(' ')
const vowels = 'a e i o u a e i o ai au ee ou'.split(' ')
const ends = 'l n r s t x m k p g b d nd st rk lm ft ng sh th'.split(' ')

/** Never a word that is held out, which chance would give now and then ("bank"). */
export function inventedWord(random: Random): string {
  const syllable = (): string => pick(random, starts) + pick(random, vowels)
  for (;;) {
    const word = syllable() + (chance(random, 0.6) ? syllable() : '') + pick(random, ends)
    if (!heldOutWords.has(word)) return word
  }
}

/** Different from each other. */
export function inventedWords(random: Random, count: number): string[] {
  const words = new Set<string>()
  while (words.size < count) words.add(inventedWord(random))
  return [...words]
}
