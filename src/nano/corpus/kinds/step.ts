/**
 * Kinds that ask for one step alone (something is changed, stands in a row, is said in other words, belongs to something),
 * in sentences of a few words, so that most of an answer is the step and not what is said around it. In broad tasks the
 * step is one word of twenty, and was not learned there (docs/log.md).
 */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import { fill, sentences, type Template } from '../grammar.ts'
import { type DrawCount, drawPattern, gapNames, moreGaps, recordTasks } from '../patterns.ts'
import { capital } from '../wording.ts'
import { broadWord } from './broad.ts'
import { belongingTasks, changed, changeTasks, grouped, questionsOf, relationTasks, rowsOf } from './forms.ts'
import { asksOf, drawStrangeness } from './patterns.ts'
import { asksIn, phrases } from './wide.ts'

/** How much a house of these kinds says, and asks. */
export interface Extent {
  readonly id: string
  /** Of a sentence, in words beside gaps. */
  length(random: Random): number
  /** Sorts of questions that a house asks about who stands where, at most. */
  readonly questions: number
}

/** Names are the hardest to say back: of several tokens, and each of them also part of others. */
const mostlyNames = ['full', 'full', 'full', 'item', 'item', 'name', 'code', 'code', ...gapNames]
const count: DrawCount = (random, most) => 1 + random.below(most)
const asks = asksIn(broadWord)

const pattern = (random: Random, gaps: readonly string[], { length }: Extent): string =>
  drawPattern(random, gaps, drawStrangeness(random) / 2, broadWord, length)

const words = (random: Random): string => phrases(random, broadWord, 1)[0] as string

/** Of a pair, the one that the sentence does not have takes the place of the one that it has. */
const change = (extent: Extent): Kind => ({
  id: `${extent.id}-change`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${extent.id}-change`)
    const link = chance(draws, 0.5) ? broadWord(draws) : pick(draws, ['to', 'into', 'for', 'by', '->', '=', 'not', '/'])
    const verb = chance(draws, 0.7) ? `${capital(broadWord(draws))} ` : ''
    const newFirst = chance(draws, 0.3)
    const templates = Array.from({ length: count(draws, 5) }, (): Template => {
      const gap = pick(draws, mostlyNames)
      const sentence = pattern(draws, [gap, ...moreGaps(draws, [gap], draws.below(2))], extent)
      return changed(gap, sentence, { verb, link, newFirst })
    })
    return changeTasks(templates, slots)
  },
})

/** Who comes next, or before, in a row of three; or which of two things somebody has. */
const relation = (extent: Extent): Kind => ({
  id: `${extent.id}-relation`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${extent.id}-relation`)
    const gap = pick(draws, ['full', 'full', 'name', 'item', 'code', 'town'])
    const other = pick(draws, moreGaps(draws, [gap], gapNames.length))
    const [link, next, previous] = [broadWord(draws), capital(words(draws)), capital(words(draws))]
    const opening = chance(draws, 0.3) ? `${capital(broadWord(draws))}: ` : ''
    const row = pick(draws, rowsOf(gap, link, opening))
    const questions = Object.values(questionsOf({ gap, other, link, opening, row, next, previous }))
    const asked = sample(draws, questions, 1 + draws.below(1 + draws.below(extent.questions)))
    return relationTasks(asksOf(draws, asks), asked.flat(), slots)
  },
})

/** What a thing, a phrase or both belong to: so few that examples have named most of them. */
const belonging = (extent: Extent): Kind => ({
  id: `${extent.id}-belonging`,
  tasks: ({ slots, habit, items }) => {
    const draws = habit(`${extent.id}-belonging`)
    const labels = (): string[] => Array.from({ length: 2 + draws.below(3) }, () => broadWord(draws))
    const things = grouped(sample(draws, items, 2 + draws.below(4)), labels())
    const meanings = grouped(phrases(draws, broadWord, 2 + draws.below(4)), labels())
    const gaps = pick(draws, [['item'], ['phrase'], ['item', 'phrase'], ['phrase', 'item']])
    const templates = Array.from({ length: count(draws, 5) }, () =>
      pattern(draws, [...gaps, ...moreGaps(draws, ['item'], draws.below(2))], extent),
    )
    return belongingTasks(asksOf(draws, asks), templates, slots, { things, meanings, gaps })
  },
})

/** Every sentence in other words, with some of its gaps; before it, in half of the houses, a gap of its own. */
const text = (extent: Extent): Kind => ({
  id: `${extent.id}-text`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${extent.id}-text`)
    const first = chance(draws, 0.5) ? pick(draws, mostlyNames) : undefined
    const templates = Array.from({ length: count(draws, 6) }, (): Template => {
      const gaps = [...new Set([pick(draws, mostlyNames), pick(draws, mostlyNames)])].filter((gap) => gap !== first)
      const all = first === undefined ? gaps : [first, ...gaps]
      const asked = pattern(draws, all, extent)
      // In some answers the first one is missing.
      const kept = gaps.slice(draws.below(gaps.length + 1) % 2)
      return [asked, pattern(draws, kept, extent)]
    })
    return {
      asks: asksOf(draws, asks),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [...(first === undefined ? [] : [[first, of(first)] as const]), ['text', fill(tag, of)]],
    }
  },
})

/** One to three gaps out of every sentence. */
const record = (extent: Extent): Kind => ({
  id: `${extent.id}-record`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${extent.id}-record`)
    const size = { asked: 3, sentences: 5, others: 1 }
    const tasks = recordTasks(draws, slots, size, drawStrangeness(draws) / 2, broadWord, count, extent.length)
    return { asks: asksOf(draws, asks), ...tasks }
  },
})

function stepsOf(extent: Extent) {
  return {
    change: change(extent),
    relate: relation(extent),
    reword: text(extent),
    belong: belonging(extent),
    record: record(extent),
  }
}

export const steps = stepsOf({ id: 'step', length: (random) => random.below(4), questions: 1 })
export const strides = stepsOf({ id: 'stride', length: (random) => 2 + random.below(7), questions: 3 })
