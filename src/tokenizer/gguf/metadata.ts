/** The `tokenizer.*` values of a GGUF file with their types checked; an error names the file and the key. */
import { inputError } from '../../core/errors.ts'
import type { Gguf } from '../../model/gguf/read.ts'

export interface TokenizerMetadata {
  text(key: string): string | undefined
  flag(key: string): boolean | undefined
  texts(key: string): readonly string[]
  /** One finite number for each of `length` tokens. */
  numbers(key: string, length: number): readonly number[]
  /** A place in a list of `length` tokens. */
  id(key: string, length: number): number | undefined
  fail(key: string, expected: string, actual: unknown): Error
}

export function tokenizerMetadata({ path, metadata }: Gguf): TokenizerMetadata {
  const get = (key: string) => metadata.get(`tokenizer.${key}`)
  const fail: TokenizerMetadata['fail'] = (key, expected, actual) =>
    inputError(
      'tokenizer.gguf',
      `Cannot use the tokenizer of ${path}: tokenizer.${key}: expected ${expected}, got ${String(actual).slice(0, 80)}`,
      { path, key },
    )
  return {
    fail,
    text: (key) => {
      const value = get(key)
      if (value === undefined || typeof value === 'string') return value
      throw fail(key, 'a text', typeof value)
    },
    flag: (key) => {
      const value = get(key)
      if (value === undefined || typeof value === 'boolean') return value
      throw fail(key, 'true or false', value)
    },
    texts: (key) => {
      const value = get(key)
      if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
      throw fail(key, 'a list of strings', typeof value)
    },
    numbers: (key, length) => {
      const value = get(key)
      if (!Array.isArray(value)) throw fail(key, 'a list of numbers', typeof value)
      if (value.length !== length) throw fail(key, `${length} numbers, one for each token`, value.length)
      const isNumber = (item: unknown): item is number => typeof item === 'number' && Number.isFinite(item)
      if (value.every(isNumber)) return value
      throw fail(
        key,
        'finite numbers',
        value.find((item) => !isNumber(item)),
      )
    },
    id: (key, length) => {
      const value = get(key)
      if (value === undefined) return undefined
      if (typeof value === 'number' && Number.isInteger(value) && value >= 0 && value < length) return value
      throw fail(key, `an id below ${length}`, value)
    },
  }
}
