/**
 * What a generated task or example must pass. A rejection has one reason, and reasons are counted.
 * PPFedIT (ACM TIST 17(5), 2026) section 3.3; instance rules after Self-Instruct (arXiv 2212.10560).
 */
import type { Example } from '../data/example.ts'
import { rougeLOfWords } from './rouge-l.ts'
import { unicodeWords } from './unicode-words.ts'

export type Rejection =
  /** Not a task: an apology, a role, too short, too long, not ended. */
  | 'format'
  /** Too much like an instruction that is there. */
  | 'similar'
  /** No response in the agreed form after all attempts. */
  | 'no-response'
  /** An empty response, one that repeats its task, one that breaks off. */
  | 'instance'
  /** Too much like a private example. */
  | 'copied'
  /** The same as one that was accepted. */
  | 'duplicate'

/** Figures of Self-Instruct; the upper limit keeps to what fits a prompt. */
const fewestWords = 4
const mostWords = 150

export function badInstruction(text: string, finished: boolean): boolean {
  const count = unicodeWords(text).length
  if (!finished || count < fewestWords || count > mostWords) return true
  return /^(as an?\b|(i'?m |i am )?sorry\b)/i.test(text) || /^[^\p{L}\p{N}"'(¿¡]/u.test(text) || text.endsWith(':')
}

/** Of a new input under an instruction that is there: one word may be one, and so may a document. */
export function badInput(text: string, finished: boolean): boolean {
  return !finished || text === ''
}

export function badInstance({ instruction, input, response }: Example, finished: boolean): boolean {
  if (!finished || response === '' || response.endsWith(':') || input?.endsWith(':') === true) return true
  const same = unicodeWords(response).join(' ')
  return same === unicodeWords(instruction).join(' ') || (input !== undefined && same === unicodeWords(input).join(' '))
}

/** Compares texts with a set of them, cut into words once. */
export interface SimilarityFilter {
  /** Largest ROUGE-L F with any of the set. */
  nearest(text: string): number
  add(text: string): void
}

export function createSimilarityFilter(texts: readonly string[]): SimilarityFilter {
  const known = texts.map(countWords)
  return {
    nearest: (text) => {
      const own = countWords(text)
      // Words in common, in any order, bound those in order: most pairs need no look at the order.
      return known.reduce(
        (most, other) =>
          upperBound(own, other) <= most ? most : Math.max(most, rougeLOfWords(other.words, own.words).f),
        0,
      )
    },
    add: (text) => {
      known.push(countWords(text))
    },
  }
}

interface CountedWords {
  readonly words: readonly string[]
  readonly counts: ReadonlyMap<string, number>
}

function countWords(text: string): CountedWords {
  const words = unicodeWords(text)
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return { words, counts }
}

/** No ROUGE-L F of the two is above it. */
function upperBound(a: CountedWords, b: CountedWords): number {
  const [few, many] = a.counts.size < b.counts.size ? [a.counts, b.counts] : [b.counts, a.counts]
  let common = 0
  for (const [word, count] of few) common += Math.min(count, many.get(word) ?? 0)
  return common === 0 ? 0 : (2 * common) / (a.words.length + b.words.length)
}

/** An example as one text, for comparing. */
export function wholeText({ instruction, input, response }: Example): string {
  return [instruction, input ?? '', response].join('\n')
}
