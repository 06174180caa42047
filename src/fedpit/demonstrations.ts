/**
 * Demonstrations (J 3.3): drawn at random, in random order, as many as fit. The paper draws eight whole examples; eight
 * long documents would not leave room for an answer, or would be longer than the model's context. Where a peer has tasks
 * of several sorts, one or two of each show none of them well: then a draw can be of those most like one of them.
 */
import { inputError } from '../core/errors.ts'
import type { Random } from '../core/random.ts'
import type { Engine } from '../engine/contract.ts'
import { rougeLOfWords } from './rouge-l.ts'
import { wordsAndMarks } from './unicode-words.ts'

export interface DemonstrationParts {
  readonly engine: Pick<Engine, 'tokenize'>
  readonly random: Random
  /** Demonstrations of a prompt, and the tokens that they may take together. */
  readonly most: number
  readonly tokens: number
  readonly signal?: AbortSignal
}

/** Items are given by their places in the list. */
export interface Draw<T> {
  /** One draw a call: of any items, or the first of these that fit in so many tokens. */
  next(of?: readonly number[], tokens?: number): T[]
  /** Does any of these? */
  fits(of: readonly number[], tokens: number): boolean
}

/** Throws `fedpit.demonstrations` where not even the shortest item fits. */
export async function createDraw<T>(
  items: readonly T[],
  textOf: (item: T) => string,
  { engine, random, most, tokens, signal }: DemonstrationParts,
): Promise<Draw<T>> {
  const lengths = (await engine.tokenize(items.map(textOf), signal)).map(({ length }) => length)
  const fitting = items.flatMap((item, i) => {
    const length = lengths[i] as number
    return length <= tokens ? [{ place: i, item, length }] : []
  })
  if (fitting.length === 0) {
    throw inputError(
      'fedpit.demonstrations',
      `Cannot show examples to the model: expected one of at most ${tokens} tokens (fedpit.demonstrationTokens), the shortest has ${Math.min(...lengths)}`,
      { tokens },
    )
  }
  const at = new Map(fitting.map((one) => [one.place, one]))
  return {
    next(of, within = tokens) {
      const offered = of === undefined ? random.shuffle(fitting) : of.flatMap((place) => at.get(place) ?? [])
      let room = within
      const drawn: T[] = []
      for (const { item, length } of offered) {
        if (drawn.length === most) break
        if (length > room) continue
        room -= length
        drawn.push(item)
      }
      return of === undefined ? drawn : random.shuffle(drawn)
    },
    fits: (of, within) => of.some((place) => (at.get(place)?.length ?? Number.POSITIVE_INFINITY) <= within),
  }
}

/** Words and marks of a text that are compared with others': every theme compares all, and the time grows with their square. */
const mostCompared = 300

/**
 * Places of one text, drawn at random, and of all others, the most like it first: ROUGE-L F of words and marks, as the
 * marks of a layout tell sorts of tasks apart where their words are new each time. Nearest examples make better
 * demonstrations than random ones: Liu et al., arXiv 2101.06804.
 */
export function createNearestFirst(texts: readonly string[], random: Random): () => number[] {
  const words = texts.map((text) => wordsAndMarks(text).slice(0, mostCompared))
  return () => {
    const theme = random.below(texts.length)
    const likeness = words.map((own, place) =>
      place === theme ? 2 : rougeLOfWords(words[theme] as readonly string[], own).f,
    )
    return texts.map((_, place) => place).sort((a, b) => (likeness[b] as number) - (likeness[a] as number) || a - b)
  }
}
