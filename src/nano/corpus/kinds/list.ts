/** Questions about a list of words as it stands there: its ends, its length, its longest word, its order. */
import type { Kind } from '../family.ts'
import { type Sentences, sentences } from '../grammar.ts'
import type { House } from '../house.ts'
import { inWords } from '../slots.ts'

/** Lists of three to five things, people or towns, here and there with a few words around them. */
function lists({ slots }: House): Sentences {
  const rows = ['item', 'name', 'town'].flatMap((gap) =>
    [3, 4, 5].map((count) => {
      const gaps = Array.from({ length: count }, (_, i) => `{${gap}${i + 1}}`)
      return [gaps.join(', '), gap + count] as const
    }),
  )
  return sentences(
    rows.flatMap(([row, tag]) => [
      [`${row}.`, tag] as const,
      [`On {day} we had ${row}.`, tag] as const,
      [`{full} wrote: ${row}.`, tag] as const,
    ]),
    slots,
  )
}

/** The words of the list that a tag such as `item4` stands for. */
function wordsOf(tag: string, of: (gap: string) => string): string[] {
  const gap = tag.slice(0, -1)
  return Array.from({ length: Number(tag.slice(-1)) }, (_, i) => of(`${gap}${i + 1}`))
}

interface ListQuestion {
  readonly key: string
  readonly asks: readonly string[]
  answer(words: readonly string[]): string
}

const questions: readonly ListQuestion[] = [
  {
    key: 'first',
    asks: ['Which comes first?', 'Take the first word of the list.', 'Name the head of the row.'],
    answer: (words) => words[0] as string,
  },
  {
    key: 'last',
    asks: ['Which comes last?', 'Take the end of the list.', 'Name the last one.'],
    answer: (words) => words.at(-1) as string,
  },
  { key: 'second', asks: ['Which is number two?', 'Take the second word.'], answer: (words) => words[1] as string },
  {
    key: 'longest',
    asks: ['Which has the most letters?', 'Find the longest word.'],
    // The earlier one where two are equally long.
    answer: (words) => words.reduce((longest, word) => (word.length > longest.length ? word : longest)),
  },
  {
    key: 'length',
    asks: ['How long is the list?', 'How many are in the row?'],
    answer: (words) => inWords(words.length),
  },
  {
    key: 'reversed',
    asks: ['Turn the list round.', 'Write it from back to front.'],
    answer: (words) => [...words].reverse().join(', '),
  },
  {
    key: 'without-first',
    asks: ['Leave out the first one.', 'Strike the head of the list.'],
    answer: (words) => words.slice(1).join(', '),
  },
  {
    key: 'initials',
    asks: ['Give only the first letters.', 'Shorten each word to one letter.'],
    answer: (words) => words.map((word) => word.slice(0, 1).toUpperCase()).join(''),
  },
  {
    key: 'ends',
    asks: ['Give the first and the last.', 'Name both ends of the row.'],
    answer: (words) => `${words[0]} and ${words.at(-1)}`,
  },
]

export const listKinds: readonly Kind[] = questions.map(({ key, asks, answer }) => ({
  id: `list-${key}`,
  tasks: (house) => ({ asks, texts: lists(house), solve: ({ tag, of }) => [[key, answer(wordsOf(tag, of))]] }),
}))
