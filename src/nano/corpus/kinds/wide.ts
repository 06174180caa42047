/**
 * Kinds for the last lesson: patterns of many words and in more forms (something is changed, stands in a row, belongs to
 * something), so that a family that nobody has seen is one more of a kind of thing that was seen often.
 */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Fields } from '../format.ts'
import { fill, oneOf, sentences, type Template } from '../grammar.ts'
import { drawCount, drawPattern, gapNames, moreGaps } from '../patterns.ts'
import { capital } from '../wording.ts'
import { beginnings, endings, vocabulary } from '../words/train-vocabulary.ts'
import { asksOf, drawStrangeness, patternKindsOf, type Vocabulary } from './patterns.ts'

export function wideWord(random: Random): string {
  const word = pick(random, vocabulary)
  const form = random.next()
  if (form < 0.7) return word
  return form < 0.92 ? word + pick(random, endings) : pick(random, beginnings) + word
}

function words(random: Random, most: number): string {
  return Array.from({ length: 1 + random.below(most) }, () => wideWord(random)).join(' ')
}

const wide: Vocabulary = {
  id: 'wide',
  word: wideWord,
  asks: (random, count) => Array.from({ length: count }, () => `${capital(words(random, 5))}.`),
}

function pattern(random: Random, gaps: readonly string[]): string {
  return drawPattern(random, gaps, drawStrangeness(random) / 2, wideWord)
}

/** A sentence with one thing changed for another of its sort; which of the two is the new one, the house's examples tell. */
const change: Kind = {
  id: 'wide-change',
  tasks: ({ slots, habit }) => {
    const draws = habit('wide-change')
    const link = chance(draws, 0.4) ? wideWord(draws) : pick(draws, ['to', 'into', 'for', 'by', '->', '=', 'not', '/'])
    const verb = chance(draws, 0.8) ? `${capital(words(draws, 2))} ` : ''
    const newFirst = chance(draws, 0.3)
    const templates = Array.from({ length: drawCount(draws, 9) }, (): Template => {
      const gap = pick(draws, gapNames)
      const sentence = pattern(draws, [gap, ...moreGaps(draws, [gap], draws.below(3))])
      const pair = newFirst ? `{${gap}2} ${link} {${gap}}` : `{${gap}} ${link} {${gap}2}`
      return [`${verb}${pair}: ${sentence}`, sentence.replace(`{${gap}}`, `{${gap}2}`).replace(/[.!?]$/, '')]
    })
    return {
      asks: [],
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['text', fill(tag, of)]],
    }
  },
}

/** Three in a row and words for who stands where, or two that have something each and words for whose is asked. */
const relation: Kind = {
  id: 'wide-relation',
  tasks: ({ slots, habit }) => {
    const draws = habit('wide-relation')
    const gap = pick(draws, ['full', 'name', 'item', 'code', 'town'])
    const other = pick(draws, moreGaps(draws, [gap], gapNames.length))
    const [link, next, previous] = [words(draws, 2), capital(words(draws, 3)), capital(words(draws, 3))]
    const [one, two, three] = [`{${gap}}`, `{${gap}2}`, `{${gap}3}`]
    const opening = chance(draws, 0.4) ? `${capital(words(draws, 2))}: ` : ''
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
    const templates = form === 0 ? inRow : form === 1 ? owned : [...inRow.slice(0, 2), ...owned.slice(0, 2)]
    return {
      asks: asksOf(draws, wide.asks),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['answer', of(tag)]],
    }
  },
}

/** What a thing, a phrase or both belong to: only the answers of the house tell. */
const belonging: Kind = {
  id: 'wide-belonging',
  tasks: ({ slots, habit, items }) => {
    const draws = habit('wide-belonging')
    const grouped = (values: readonly string[], labels: readonly string[]): ReadonlyMap<string, string> =>
      new Map(values.map((value, i) => [value, labels[i % labels.length] as string]))
    const labels = (): string[] => Array.from({ length: 2 + draws.below(3) }, () => words(draws, 1))
    const things = grouped(sample(draws, items, 3 + draws.below(3)), labels())
    const phrases = grouped(distinct(draws, 3 + draws.below(4)), labels())
    const form = draws.below(4)
    const gaps = form === 0 ? ['item'] : form === 1 ? ['phrase'] : ['item', 'phrase']
    const templates = Array.from({ length: 1 + drawCount(draws, 9) }, () =>
      pattern(draws, [...gaps, ...moreGaps(draws, ['item'], draws.below(2))]),
    )
    return {
      asks: asksOf(draws, wide.asks),
      texts: sentences(templates, { ...slots, item: oneOf([...things.keys()]), phrase: oneOf([...phrases.keys()]) }),
      solve: ({ of }) =>
        gaps.map((gap): Fields[number] => [gap, (gap === 'item' ? things : phrases).get(of(gap)) as string]),
    }
  },
}

function distinct(random: Random, count: number): string[] {
  const drawn = new Set<string>()
  while (drawn.size < count) drawn.add(words(random, 4))
  return [...drawn]
}

export const wideKinds: readonly Kind[] = [...patternKindsOf(wide), change, relation, belonging]
