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
  const known = texts.map(unicodeWords)
  return {
    nearest: (text) => {
      const own = unicodeWords(text)
      return known.reduce((most, other) => Math.max(most, rougeLOfWords(other, own).f), 0)
    },
    add: (text) => {
      known.push(unicodeWords(text))
    },
  }
}

/** An example as one text, for comparing. */
export function wholeText({ instruction, input, response }: Example): string {
  return [instruction, input ?? '', response].join('\n')
}
