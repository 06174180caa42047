/**
 * Kinds for the last lessons: patterns of many words and in more forms (something is changed, stands in a row, belongs to
 * something), so that a family that nobody has seen is one more of a kind of thing that was seen often.
 */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Fields } from '../format.ts'
import { fill, oneOf, sentences, type Template } from '../grammar.ts'
import { type DrawWord, drawCount, drawPattern, gapNames, moreGaps } from '../patterns.ts'
import { capital } from '../wording.ts'
import { beginnings, endings, vocabulary } from '../words/train-vocabulary.ts'
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

/** With asks of up to five words. */
export function formsOf(forms: Omit<Forms, 'asks'>): Forms {
  const asks = (random: Random, count: number): string[] =>
    Array.from({ length: count }, () => `${capital(phrase(random, forms.word, 5))}.`)
  return { ...forms, asks }
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
      const pair = newFirst ? `{${gap}2} ${link} {${gap}}` : `{${gap}} ${link} {${gap}2}`
      return [`${verb}${pair}: ${sentence}`, sentence.replace(`{${gap}}`, `{${gap}2}`).replace(/[.!?]$/, '')]
    })
    return {
      asks: [],
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['text', fill(tag, of)]],
    }
  },
})

/** Three in a row and words for who stands where, or two that have something each and words for whose is asked. */
const relation = ({ id, asks, rows, word }: Forms): Kind => ({
  id: `${id}-relation`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${id}-relation`)
    const templates = Array.from({ length: rows(draws) }, () => relationTemplates(draws, word)).flat()
    return {
      asks: asksOf(draws, asks),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['answer', of(tag)]],
    }
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
  const [one, two, three] = [`{${gap}}`, `{${gap}2}`, `{${gap}3}`]
  const opening = chance(draws, 0.4) ? `${capital(phrase(draws, word, 2))}: ` : ''
  const row = pick(draws, [
    `${opening}${one} ${link} ${two}, ${two} ${link} ${three}.`,
    `${opening}${one}, ${two}, ${three}.`,
    `${opening}${one} ${link} ${two} ${link} ${three}.`,
  ])
  const pairs = `${opening}${one} ${link} {${other}}, ${two} ${link} {${other}2}.`
  const inRow: Template[] = [
    [`${row} ${next} ${one}?`, `${gap}2`],
    [`${row} ${next} ${two}?`, `${gap}3`],
    [`${row} ${previous} ${two}?`, gap],
    [`${row} ${previous} ${three}?`, `${gap}2`],
  ]
  const owned: Template[] = [
    [`${pairs} ${next} ${one}?`, other],
    [`${pairs} ${next} ${two}?`, `${other}2`],
    [`${pairs} ${previous} {${other}}?`, gap],
    [`${pairs} ${previous} {${other}2}?`, `${gap}2`],
  ]
  const form = draws.below(3)
  return form === 0 ? inRow : form === 1 ? owned : [...inRow.slice(0, 2), ...owned.slice(0, 2)]
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
    return {
      asks: asksOf(draws, asks),
      texts: sentences(templates, { ...slots, item: oneOf([...things.keys()]), phrase: oneOf([...meanings.keys()]) }),
      solve: ({ of }) =>
        gaps.map((gap): Fields[number] => [gap, (gap === 'item' ? things : meanings).get(of(gap)) as string]),
    }
  },
})

/** Each of the values with one of the labels, in turn. */
export function grouped(values: readonly string[], labels: readonly string[]): ReadonlyMap<string, string> {
  return new Map(values.map((value, i) => [value, labels[i % labels.length] as string]))
}

export function wideKindsOf(forms: Forms): Kind[] {
  return [...patternKindsOf(forms), change(forms), relation(forms), belonging(forms)]
}

export const wideKinds: readonly Kind[] = wideKindsOf(
  formsOf({ id: 'wide', word: wideWord, count: drawCount, rows: () => 1 }),
)
