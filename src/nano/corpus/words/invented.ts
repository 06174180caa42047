/** Words of no language, made of syllables. */
import type { Random } from '../../../core/random.ts'
import { pick } from '../draw.ts'

const firstSyllables = 'ba do fi gu ka lo mi nu po ra su ti vo za ke du'.split(' ')
const lastSyllables = 'lan mor nik pel rus tav zin bex dap gol fim kor sut wen'.split(' ')

export function inventedWord(random: Random): string {
  const middle = random.below(3) === 0 ? pick(random, firstSyllables) : ''
  return `${pick(random, firstSyllables)}${middle}${pick(random, lastSyllables)}`
}

/** Different from each other. */
export function inventedWords(random: Random, count: number): string[] {
  const words = new Set<string>()
  while (words.size < count) words.add(inventedWord(random))
  return [...words]
}
