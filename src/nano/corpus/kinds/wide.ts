/**
 * Kinds for the last lessons: patterns of many words and in more forms (something is changed, stands in a row, belongs to
 * something), so that a family that nobody has seen is one more of a kind of thing that was seen often.
 */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Template } from '../grammar.ts'
import { type DrawWord, drawCount, drawPattern, gapNames, moreGaps } from '../patterns.ts'
import { capital } from '../wording.ts'
import { beginnings, endings, vocabulary } from '../words/train-vocabulary.ts'
import { belongingTasks, changed, changeTasks, grouped, questionsOf, relationTasks, rowsOf } from './forms.ts'
import { asksOf, drawStrangeness, patternKindsOf, type Vocabulary } from './patterns.ts'

export function wideWord(random: Random): string {
  const word = pick(random, vocabulary)
  const form = random.next()
  if (form < 0.7) return word
  return form < 0.92 ? word + pick(random, endings) : pick(random, beginnings) + word
}

/** Up to `most` words. */
function phrase(random: Random, word: DrawWord, most: number): string {
  return Array.from({ length: 1 + random.below(most) }, () => word(random)).join(' ')
}

export function phrases(random: Random, word: DrawWord, count: number): string[] {
  const drawn = new Set<string>()
  while (drawn.size < count) drawn.add(phrase(random, word, 4))
  return [...drawn]
}

export function widePattern(random: Random, word: DrawWord, gaps: readonly string[]): string {
  return drawPattern(random, gaps, drawStrangeness(random) / 2, word)
}

export interface Forms extends Vocabulary {
  /** In how many wordings a house asks who stands where. */
  rows(random: Random): number
}

/** Asks of up to five words. */
export function asksIn(word: DrawWord): Vocabulary['asks'] {
  return (random, count) => Array.from({ length: count }, () => `${capital(phrase(random, word, 5))}.`)
}

/** A sentence with one thing changed for another of its sort; which of the two is the new one, the house's examples tell. */
const change = ({ id, count, word }: Vocabulary): Kind => ({
  id: `${id}-change`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${id}-change`)
    const link = chance(draws, 0.4) ? word(draws) : pick(draws, ['to', 'into', 'for', 'by', '->', '=', 'not', '/'])
    const verb = chance(draws, 0.8) ? `${capital(phrase(draws, word, 2))} ` : ''
    const newFirst = chance(draws, 0.3)
    const templates = Array.from({ length: count(draws, 9) }, (): Template => {
      const gap = pick(draws, gapNames)
      const sentence = widePattern(draws, word, [gap, ...moreGaps(draws, [gap], draws.below(3))])
      return changed(gap, sentence, { verb, link, newFirst })
    })
    return changeTasks(templates, slots)
  },
})

/** Three in a row and words for who stands where, or two that have something each and words for whose is asked. */
const relation = ({ id, asks, rows, word }: Forms): Kind => ({
  id: `${id}-relation`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${id}-relation`)
    const templates = Array.from({ length: rows(draws) }, () => relationTemplates(draws, word)).flat()
    return relationTasks(asksOf(draws, asks), templates, slots)
  },
})

function relationTemplates(draws: Random, word: DrawWord): Template[] {
  const gap = pick(draws, ['full', 'name', 'item', 'code', 'town'])
  const other = pick(draws, moreGaps(draws, [gap], gapNames.length))
  const [link, next, previous] = [
    phrase(draws, word, 2),
    capital(phrase(draws, word, 3)),
    capital(phrase(draws, word, 3)),
  ]
  const opening = chance(draws, 0.4) ? `${capital(phrase(draws, word, 2))}: ` : ''
  const row = pick(draws, rowsOf(gap, link, opening))
  const questions = questionsOf({ gap, other, link, opening, row, next, previous })
  const form = draws.below(3)
  if (form === 0) return [...questions.next, ...questions.previous]
  if (form === 1) return [...questions.owned, ...questions.owner]
  return [...questions.next, ...questions.owned]
}

/** What a thing, a phrase or both belong to: only the answers of the house tell. */
const belonging = ({ id, asks, count, word }: Vocabulary): Kind => ({
  id: `${id}-belonging`,
  tasks: ({ slots, habit, items }) => {
    const draws = habit(`${id}-belonging`)
    const labels = (): string[] => Array.from({ length: 2 + draws.below(3) }, () => phrase(draws, word, 1))
    const things = grouped(sample(draws, items, 3 + draws.below(3)), labels())
    const meanings = grouped(phrases(draws, word, 3 + draws.below(4)), labels())
    const form = draws.below(4)
    const gaps = form === 0 ? ['item'] : form === 1 ? ['phrase'] : ['item', 'phrase']
    const templates = Array.from({ length: 1 + count(draws, 9) }, () =>
      widePattern(draws, word, [...gaps, ...moreGaps(draws, ['item'], draws.below(2))]),
    )
    return belongingTasks(asksOf(draws, asks), templates, slots, { things, meanings, gaps })
  },
})

export function wideKindsOf(forms: Forms): Kind[] {
  return [...patternKindsOf(forms), change(forms), relation(forms), belonging(forms)]
}

export const wideKinds: readonly Kind[] = wideKindsOf({
  id: 'wide',
  word: wideWord,
  count: drawCount,
  asks: asksIn(wideWord),
  rows: () => 1,
})
