/**
 * Sentences that no language has: words in any order, with gaps between them. What belongs where can only be taken from
 * the examples at hand, whatever sentences a task is made of.
 */
import type { Random } from '../../core/random.ts'
import { chance, pick, sample } from './draw.ts'
import type { Tasks } from './family.ts'
import type { Slots } from './gaps.ts'
import { sentences } from './grammar.ts'
import { capital } from './wording.ts'
import { inventedWord } from './words/invented.ts'
import { trainNotes } from './words/train-notes.ts'
import { deeds, manners, openings, orders, places, requestNouns, requestVerbs, tidings } from './words/train-phrases.ts'
import { trainProse } from './words/train-prose.ts'

const phrases = [deeds, manners, openings, orders, requestNouns, requestVerbs, tidings, trainNotes, trainProse]
const patternWords = [
  ...new Set(
    [...phrases, ...Object.values(places)]
      .flat()
      .join(' ')
      .replace(/\{\w+\}/g, '')
      .match(/[A-Za-z]{2,}/g),
  ),
]
/** How many sentences a house has for one kind of task: often few, so that there is always something within reach. */
export function drawCount(random: Random, most: number): number {
  return 1 + random.below(1 + random.below(most))
}

export const gapNames = ['full', 'item', 'day', 'town', 'code', 'price', 'time', 'sum', 'date', 'name']

export type DrawCount = (random: Random, most: number) => number

/** Mostly many of them: the one at hand may have been seen once, or never. */
export function drawMany(random: Random, most: number): number {
  return chance(random, 0.25) ? drawCount(random, most) : Math.min(most, 3 + random.below(Math.max(1, most - 2)))
}

export type DrawWord = (random: Random) => string

export const patternWord: DrawWord = (random) => pick(random, patternWords)

/** Of a sentence, in words. */
export type DrawLength = (random: Random) => number

const usualLength: DrawLength = (random) => 3 + random.below(9)

/** So many words and these gaps; `strange` is the share of words that are invented. */
export function drawPattern(
  random: Random,
  gaps: readonly string[],
  strange: number,
  word: DrawWord = patternWord,
  length: DrawLength = usualLength,
): string {
  const parts = Array.from({ length: length(random) }, () =>
    chance(random, strange) ? inventedWord(random) : word(random),
  )
  for (const gap of gaps) parts.splice(random.below(parts.length + 1), 0, `{${gap}}`)
  const marked = parts.map((part, i) =>
    i < parts.length - 1 && chance(random, 0.12) ? part + pick(random, [',', ',', ':', ';']) : part,
  )
  const text = marked.join(' ')
  return (chance(random, 0.8) ? capital(text) : text) + pick(random, ['.', '.', '.', '.', '?', '!', ''])
}

/** Up to `count` of the gaps that a sentence may have beside the ones it has. */
export function moreGaps(random: Random, gaps: readonly string[], count: number): string[] {
  return sample(
    random,
    gapNames.filter((gap) => !gaps.includes(gap)),
    count,
  )
}

/** The most that a record may have: gaps that are asked for, sentences, and gaps that stand in the way. */
export interface RecordSize {
  readonly asked: number
  readonly sentences: number
  readonly others: number
}

/** The same gaps out of every sentence, in the house's order. */
export function recordTasks(
  random: Random,
  slots: Slots,
  most: RecordSize,
  strange: number,
  word: DrawWord = patternWord,
  count: DrawCount = drawCount,
  length: DrawLength = usualLength,
): Pick<Tasks, 'texts' | 'solve'> {
  const gaps = sample(random, gapNames, 1 + random.below(most.asked))
  const templates = Array.from({ length: count(random, most.sentences) }, () =>
    drawPattern(random, [...gaps, ...moreGaps(random, gaps, random.below(most.others + 1))], strange, word, length),
  )
  return {
    texts: sentences(templates, slots),
    solve: ({ of }) => gaps.map((gap) => [gap, of(gap)]),
  }
}
