/**
 * Wording drawn for one document. A model that has seen a fixed set of sentences continues lists from memory; where
 * the sentences themselves are new in every document, it has to take them from the list.
 */
import type { Random } from '../../core/random.ts'
import { chance, pick, sample } from './draw.ts'
import { inventedWord } from './words/invented.ts'
import { deeds, manners, openings, orders, places, requestNouns, requestVerbs } from './words/train-phrases.ts'

const allGaps = Object.keys(places)

/** So many different sentences, each with these gaps and mostly with one or two others. */
export function drawSentences(random: Random, count: number, gaps: readonly string[], manner?: string): string[] {
  const drawn = new Set<string>()
  while (drawn.size < count) drawn.add(drawSentence(random, gaps, manner))
  return [...drawn]
}

/** `manner`, where given, is the gap at its end that tells how something was done. */
function drawSentence(random: Random, gaps: readonly string[], manner?: string): string {
  const more = sample(
    random,
    allGaps.filter((gap) => !gaps.includes(gap)),
    random.below(gaps.length > 2 ? 2 : 3),
  )
  const rest = random.shuffle([...gaps.filter((gap) => gap !== 'item'), ...more])
  const strange = chance(random, 0.15)
  const word = (words: readonly string[]): string => (strange ? inventedWord(random) : pick(random, words))
  const opening = chance(random, 0.35) ? `${pick(random, openings)} ` : ''
  // A person can be the one who acts; then nothing else says who does.
  const acts = rest.includes('full') && chance(random, 0.5)
  const start = acts
    ? `${opening}{full} ${word(deeds)} the {item}`
    : opening === '' && chance(random, 0.6)
      ? `${capital(word(orders))} the {item}`
      : `${opening}${opening === '' ? 'They' : 'they'} ${word(deeds)} the {item}`
  const phrases = rest.filter((gap) => !(acts && gap === 'full')).map((gap) => pick(random, places[gap] ?? []))
  const end = manner ?? (chance(random, 0.3) ? pick(random, manners) : '')
  return `${[start, ...phrases, end].filter((part) => part !== '').join(' ')}${pick(random, ['.', '.', '.', '!'])}`
}

/** What a house says when it asks for something; what that is, only its answers show. */
export function drawAsks(random: Random, count: number): string[] {
  const drawn = new Set<string>()
  while (drawn.size < count) {
    const strange = chance(random, 0.2)
    drawn.add(
      strange
        ? `${capital(inventedWord(random))} ${inventedWord(random)}.`
        : `${pick(random, requestVerbs)} ${pick(random, requestNouns)}.`,
    )
  }
  return [...drawn]
}

export function capital(text: string): string {
  return text.slice(0, 1).toUpperCase() + text.slice(1)
}
