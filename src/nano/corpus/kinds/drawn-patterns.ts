/**
 * Kinds whose sentences no language has: words in any order, with gaps between them. What belongs where can only be taken
 * from the examples at hand, whatever sentences a task is made of.
 */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Fields } from '../format.ts'
import { fill, sentences, type Template } from '../grammar.ts'
import { capital, drawAsks } from '../wording.ts'
import { inventedWord } from '../words/invented.ts'
import { trainNotes } from '../words/train-notes.ts'
import {
  deeds,
  manners,
  openings,
  orders,
  places,
  requestNouns,
  requestVerbs,
  tidings,
} from '../words/train-phrases.ts'
import { trainProse } from '../words/train-prose.ts'

const phrases = [deeds, manners, openings, orders, requestNouns, requestVerbs, tidings, trainNotes, trainProse]
const words = [
  ...new Set(
    [...phrases, ...Object.values(places)]
      .flat()
      .join(' ')
      .replace(/\{\w+\}/g, '')
      .match(/[A-Za-z]{2,}/g),
  ),
]
export const gapNames = ['full', 'item', 'day', 'town', 'code', 'price', 'time', 'sum', 'date', 'name']

/** Three to eleven words and these gaps; `strange` is the share of words that are invented. */
export function drawPattern(random: Random, gaps: readonly string[], strange: number): string {
  const parts = Array.from({ length: 3 + random.below(9) }, () =>
    chance(random, strange) ? inventedWord(random) : pick(random, words),
  )
  for (const gap of gaps) parts.splice(random.below(parts.length + 1), 0, `{${gap}}`)
  const marked = parts.map((part, i) =>
    i < parts.length - 1 && chance(random, 0.12) ? part + pick(random, [',', ',', ':', ';']) : part,
  )
  const text = marked.join(' ')
  return (chance(random, 0.8) ? capital(text) : text) + pick(random, ['.', '.', '.', '.', '?', '!', ''])
}

/** Half of the houses use known words alone. */
function drawStrangeness(random: Random): number {
  return chance(random, 0.5) ? 0 : 0.6 * random.next()
}

/** Some tasks have a line that says what is asked, others say it themselves or not at all. */
function asksOf(random: Random): string[] {
  return chance(random, 0.5) ? [] : drawAsks(random, 1 + random.below(3))
}

/** The same one to three gaps out of every sentence, in the house's order. */
const record: Kind = {
  id: 'pattern-record',
  tasks: ({ slots, habit }) => {
    const draws = habit('pattern-record')
    const strange = drawStrangeness(draws)
    const gaps = sample(draws, gapNames, 1 + draws.below(3))
    const others = gapNames.filter((gap) => !gaps.includes(gap))
    const templates = Array.from({ length: 1 + draws.below(6) }, () =>
      drawPattern(draws, [...gaps, ...sample(draws, others, draws.below(3))], strange),
    )
    return {
      asks: asksOf(draws),
      texts: sentences(templates, slots),
      solve: ({ of }) => gaps.map((gap) => [gap, of(gap)]),
    }
  },
}

/** Every sentence has another one that answers it, with some of its gaps. */
const text: Kind = {
  id: 'pattern-text',
  tasks: ({ slots, habit }) => {
    const draws = habit('pattern-text')
    const strange = drawStrangeness(draws)
    const templates = Array.from({ length: 1 + draws.below(6) }, (): Template => {
      const gaps = sample(draws, gapNames, 1 + draws.below(3))
      const kept = sample(draws, gaps, 1 + draws.below(gaps.length))
      return [drawPattern(draws, gaps, strange), drawPattern(draws, kept, strange)]
    })
    return {
      asks: asksOf(draws),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => [['text', fill(tag, of)]],
    }
  },
}

/** Every sentence belongs to a group; sometimes one of its gaps goes with it. */
const group: Kind = {
  id: 'pattern-group',
  tasks: ({ slots, habit }) => {
    const draws = habit('pattern-group')
    const strange = drawStrangeness(draws)
    const labels = Array.from({ length: 2 + draws.below(3) }, () =>
      chance(draws, 0.5) ? inventedWord(draws) : pick(draws, words),
    )
    const gaps = sample(draws, gapNames, draws.below(2))
    const templates = Array.from({ length: 3 + draws.below(5) }, (_, i): Template => {
      const more = sample(
        draws,
        gapNames.filter((gap) => !gaps.includes(gap)),
        1 + draws.below(2),
      )
      return [drawPattern(draws, [...gaps, ...more], strange), labels[i % labels.length] as string]
    })
    const groupFirst = chance(draws, 0.5)
    return {
      asks: asksOf(draws),
      texts: sentences(templates, slots),
      solve: ({ tag, of }) => {
        const found: Fields[number] = ['group', tag]
        const copied = gaps.map((gap): Fields[number] => [gap, of(gap)])
        return groupFirst ? [found, ...copied] : [...copied, found]
      },
    }
  },
}

export const drawnPatternKinds: readonly Kind[] = [record, text, group]
