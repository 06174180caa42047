/**
 * Forms of tasks that several kinds share: how what was drawn becomes sentences and answers. Nothing is drawn here, so that
 * kinds can draw as they like and their documents stay as they were.
 */
import type { Tasks } from '../family.ts'
import type { Fields } from '../format.ts'
import type { Slots } from '../gaps.ts'
import { fill, oneOf, sentences, type Template } from '../grammar.ts'

/** What stands before the sentence in which something is changed. */
export interface Changing {
  /** With its space, or empty. */
  readonly verb: string
  /** Between the two. */
  readonly link: string
  /** Is the one that the sentence does not have named first? */
  readonly newFirst: boolean
}

/** A sentence with the gap, and the same with the other value of the pair in its place. */
export function changed(gap: string, sentence: string, { verb, link, newFirst }: Changing): Template {
  const pair = newFirst ? `{${gap}2} ${link} {${gap}}` : `{${gap}} ${link} {${gap}2}`
  return [`${verb}${pair}: ${sentence}`, sentence.replace(`{${gap}}`, `{${gap}2}`).replace(/[.!?]$/, '')]
}

export function changeTasks(templates: readonly Template[], slots: Slots): Tasks {
  return { asks: [], texts: sentences(templates, slots), solve: ({ tag, of }) => [['text', fill(tag, of)]] }
}

/** Ways to say that three stand in a row. */
export function rowsOf(gap: string, link: string, opening: string): string[] {
  const [one, two, three] = placesOf(gap)
  return [
    `${opening}${one} ${link} ${two}, ${two} ${link} ${three}.`,
    `${opening}${one}, ${two}, ${three}.`,
    `${opening}${one} ${link} ${two} ${link} ${three}.`,
  ]
}

export interface Relation {
  readonly gap: string
  /** What two of them have. */
  readonly other: string
  readonly link: string
  readonly opening: string
  /** One of `rowsOf`. */
  readonly row: string
  /** The words that ask for who stands behind and before. */
  readonly next: string
  readonly previous: string
}

/** Two questions of each of four sorts: who is next, who is before; whose is it, and what has somebody. */
export function questionsOf({ gap, other, link, opening, row, next, previous }: Relation) {
  const [one, two, three] = placesOf(gap)
  const pairs = `${opening}${one} ${link} {${other}}, ${two} ${link} {${other}2}.`
  return {
    next: [
      [`${row} ${next} ${one}?`, `${gap}2`],
      [`${row} ${next} ${two}?`, `${gap}3`],
    ],
    previous: [
      [`${row} ${previous} ${two}?`, gap],
      [`${row} ${previous} ${three}?`, `${gap}2`],
    ],
    owned: [
      [`${pairs} ${next} ${one}?`, other],
      [`${pairs} ${next} ${two}?`, `${other}2`],
    ],
    owner: [
      [`${pairs} ${previous} {${other}}?`, gap],
      [`${pairs} ${previous} {${other}2}?`, `${gap}2`],
    ],
  } satisfies Record<string, Template[]>
}

export function relationTasks(asks: readonly string[], templates: readonly Template[], slots: Slots): Tasks {
  return { asks, texts: sentences(templates, slots), solve: ({ tag, of }) => [['answer', of(tag)]] }
}

/** What things and phrases belong to. */
export interface Belonging {
  readonly things: ReadonlyMap<string, string>
  readonly meanings: ReadonlyMap<string, string>
  /** `item`, `phrase` or both: what every sentence has, in the order of the answer. */
  readonly gaps: readonly string[]
}

export function belongingTasks(
  asks: readonly string[],
  templates: readonly Template[],
  slots: Slots,
  { things, meanings, gaps }: Belonging,
): Tasks {
  return {
    asks,
    texts: sentences(templates, { ...slots, item: oneOf([...things.keys()]), phrase: oneOf([...meanings.keys()]) }),
    solve: ({ of }) =>
      gaps.map((gap): Fields[number] => [gap, (gap === 'item' ? things : meanings).get(of(gap)) as string]),
  }
}

/** Each of the values with one of the labels, in turn. */
export function grouped(values: readonly string[], labels: readonly string[]): ReadonlyMap<string, string> {
  return new Map(values.map((value, i) => [value, labels[i % labels.length] as string]))
}

function placesOf(gap: string): [one: string, two: string, three: string] {
  return [`{${gap}}`, `{${gap}2}`, `{${gap}3}`]
}
