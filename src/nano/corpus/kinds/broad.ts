/**
 * Kinds for the lesson after the wide one: the same in more sentences at once, and forms, whose answers join parts of
 * several sorts. What a kind of task that nobody has seen asks for is one more such form.
 */
import type { Random } from '../../../core/random.ts'
import { pick, sample } from '../draw.ts'
import type { Kind } from '../family.ts'
import type { Slots } from '../gaps.ts'
import { fill, oneOf, type Reading, sentences, type Template } from '../grammar.ts'
import type { House } from '../house.ts'
import { drawMany, gapNames, moreGaps } from '../patterns.ts'
import { heldOutWords } from '../words/held-out-trades.ts'
import { grouped } from './forms.ts'
import { asksOf } from './patterns.ts'
import { asksIn, type Forms, phrases, wideKindsOf, widePattern, wideWord } from './wide.ts'

/** A derivation can be a word that is held out: `stand` and `-ing`. */
export function broadWord(random: Random): string {
  for (;;) {
    const word = wideWord(random)
    if (!heldOutWords.has(word)) return word
  }
}

const broad: Forms = {
  id: 'broad',
  word: broadWord,
  count: drawMany,
  asks: asksIn(broadWord),
  rows: (random) => 1 + random.below(2),
}

/** One part of an answer, and the gap that every sentence must have for it. */
interface Part {
  readonly key: string
  readonly gap?: string
  /** What may stand in the gap, where the house's own slot is not it. */
  readonly slots?: Slots
  /** `sentence` is the sentence's number: what the part is may depend on it. */
  value(reading: Reading, sentence: number): string
}

/** A gap said back. */
function copied(random: Random): Part {
  const gap = pick(random, gapNames)
  return { key: gap, gap, value: ({ of }) => of(gap) }
}

/** What a phrase stands for. */
function meaning(random: Random): Part {
  const labels = Array.from({ length: 2 + random.below(3) }, () => broadWord(random))
  const meanings = grouped(phrases(random, broadWord, 3 + random.below(5)), labels)
  return {
    key: broadWord(random),
    gap: 'phrase',
    slots: { phrase: oneOf([...meanings.keys()]) },
    value: ({ of }) => meanings.get(of('phrase')) as string,
  }
}

/** Who a thing belongs to. */
function owner(random: Random, items: readonly string[]): Part {
  const things = grouped(sample(random, items, 3 + random.below(6)), phrases(random, broadWord, 2 + random.below(3)))
  return {
    key: broadWord(random),
    gap: 'item',
    slots: { item: oneOf([...things.keys()]) },
    value: ({ of }) => things.get(of('item')) as string,
  }
}

/** What a sentence as such stands for. */
function sort(random: Random, sentences: number): Part {
  const labels = Array.from({ length: 2 + random.below(3) }, () => broadWord(random))
  const sorts = Array.from({ length: sentences }, () => pick(random, labels))
  return { key: broadWord(random), value: (_, sentence) => sorts[sentence] as string }
}

function drawParts(random: Random, { items }: House, sentences: number): Part[] {
  const made = Array.from({ length: 1 + random.below(3) }, (_, i) => {
    switch (random.below(i === 0 ? 5 : 6)) {
      case 0:
        return meaning(random)
      case 1:
        return owner(random, items)
      // Not first: alone it could be the same for all sentences.
      case 5:
        return sort(random, sentences)
      default:
        return copied(random)
    }
  })
  return made.filter(({ gap }, i) => gap === undefined || made.findIndex((part) => part.gap === gap) === i)
}

/** One to three parts; in half of the houses a text as well, which says the rest in the sentence's own way. */
const form: Kind = {
  id: 'broad-form',
  tasks: (house) => {
    const draws = house.habit('broad-form')
    const count = drawMany(draws, 9)
    const parts = drawParts(draws, house, count)
    const gaps = parts.flatMap(({ gap }) => gap ?? [])
    const [texted, textAt] = [draws.next() < 0.5, draws.below(parts.length + 1)]
    const texts: string[] = []
    const templates = Array.from({ length: count }, (_, i): Template => {
      const more = moreGaps(draws, gaps, draws.below(3))
      texts.push(widePattern(draws, broadWord, [...more, ...(draws.next() < 0.3 ? gaps : [])]))
      return [widePattern(draws, broadWord, [...gaps, ...more]), `${i}`]
    })
    const slots = Object.assign({ ...house.slots }, ...parts.map((part) => part.slots ?? {}))
    return {
      asks: asksOf(draws, broad.asks),
      texts: sentences(templates, slots),
      solve: (reading) => {
        const sentence = Number(reading.tag)
        const fields = parts.map((part) => [part.key, part.value(reading, sentence)] as const)
        const text = ['text', fill(texts[sentence] as string, reading.of)] as const
        return texted ? [...fields.slice(0, textAt), text, ...fields.slice(textAt)] : fields
      },
    }
  },
}

export const broadKinds: readonly Kind[] = [...wideKindsOf(broad), form]
