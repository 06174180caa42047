/** Kinds whose sentences are patterns: without the house's examples nobody could even guess what is wanted. */
import type { Random } from '../../../core/random.ts'
import { chance, pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Fields } from '../format.ts'
import { fill, sentences, type Template } from '../grammar.ts'
import { drawCount, drawPattern, gapNames, moreGaps, patternWords, recordTasks } from '../patterns.ts'
import { drawAsks } from '../wording.ts'
import { inventedWord } from '../words/invented.ts'

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
    const tasks = recordTasks(draws, slots, { asked: 3, sentences: 10, others: 2 }, strange)
    return { asks: asksOf(draws), ...tasks }
  },
}

/** Every sentence has another one that answers it, with some of its gaps. */
const text: Kind = {
  id: 'pattern-text',
  tasks: ({ slots, habit }) => {
    const draws = habit('pattern-text')
    const strange = drawStrangeness(draws)
    const templates = Array.from({ length: drawCount(draws, 10) }, (): Template => {
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
      chance(draws, 0.5) ? inventedWord(draws) : pick(draws, patternWords),
    )
    const gaps = sample(draws, gapNames, draws.below(2))
    const templates = Array.from({ length: 2 + drawCount(draws, 8) }, (_, i): Template => {
      const more = moreGaps(draws, gaps, 1 + draws.below(2))
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

export const patternKinds: readonly Kind[] = [record, text, group]
