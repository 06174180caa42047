/** Kinds whose sentences are patterns: without the house's examples nobody could even guess what is wanted. */
import type { Random } from '../../../core/random.ts'
import { chance, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Fields } from '../format.ts'
import { fill, sentences, type Template } from '../grammar.ts'
import {
  type DrawCount,
  type DrawWord,
  drawCount,
  drawPattern,
  gapNames,
  moreGaps,
  patternWord,
  recordTasks,
} from '../patterns.ts'
import { drawAsks } from '../wording.ts'
import { inventedWord } from '../words/invented.ts'

/** Half of the houses use known words alone. */
export function drawStrangeness(random: Random): number {
  return chance(random, 0.5) ? 0 : 0.6 * random.next()
}

/** Some tasks have a line that says what is asked, others say it themselves or not at all. */
export function asksOf(random: Random, asks: Vocabulary['asks']): string[] {
  return chance(random, 0.5) ? [] : asks(random, 1 + random.below(3))
}

/** What patterns are made of. */
export interface Vocabulary {
  readonly id: string
  readonly word: DrawWord
  /** How many sentences a house has for one kind of task. */
  readonly count: DrawCount
  asks(random: Random, count: number): string[]
}

/** The same one to three gaps out of every sentence, in the house's order. */
const record = ({ id, word, count, asks }: Vocabulary): Kind => ({
  id: `${id}-record`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${id}-record`)
    const strange = drawStrangeness(draws)
    const tasks = recordTasks(draws, slots, { asked: 3, sentences: 10, others: 2 }, strange, word, count)
    return { asks: asksOf(draws, asks), ...tasks }
  },
})

/** Every sentence has another one that answers it, with some of its gaps. */
const text = ({ id, word, count, asks }: Vocabulary): Kind => ({
  id: `${id}-text`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${id}-text`)
    const strange = drawStrangeness(draws)
    const templates = Array.from({ length: count(draws, 10) }, (): Template => {
      const gaps = sample(draws, gapNames, 1 + draws.below(3))
      const kept = sample(draws, gaps, 1 + draws.below(gaps.length))
      return [drawPattern(draws, gaps, strange, word), drawPattern(draws, kept, strange, word)]
    })
    return {
      asks: asksOf(draws, asks),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['text', fill(tag, of)]],
    }
  },
})

/** Every sentence belongs to a group; sometimes one of its gaps goes with it. */
const group = ({ id, word, count, asks }: Vocabulary): Kind => ({
  id: `${id}-group`,
  tasks: ({ slots, habit }) => {
    const draws = habit(`${id}-group`)
    const strange = drawStrangeness(draws)
    const labels = Array.from({ length: 2 + draws.below(3) }, () =>
      chance(draws, 0.5) ? inventedWord(draws) : word(draws),
    )
    const gaps = sample(draws, gapNames, draws.below(2))
    const templates = Array.from({ length: 2 + count(draws, 8) }, (_, i): Template => {
      const more = moreGaps(draws, gaps, 1 + draws.below(2))
      return [drawPattern(draws, [...gaps, ...more], strange, word), labels[i % labels.length] as string]
    })
    const groupFirst = chance(draws, 0.5)
    return {
      asks: asksOf(draws, asks),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => {
        const found: Fields[number] = ['group', tag]
        const copied = gaps.map((gap): Fields[number] => [gap, of(gap)])
        return groupFirst ? [found, ...copied] : [...copied, found]
      },
    }
  },
})

export function patternKindsOf(vocabulary: Vocabulary): Kind[] {
  return [record(vocabulary), text(vocabulary), group(vocabulary)]
}

export const patternKinds: readonly Kind[] = patternKindsOf({
  id: 'pattern',
  word: patternWord,
  count: drawCount,
  asks: drawAsks,
})
