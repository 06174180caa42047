/**
 * Limits of single fields, the same for what is sent and what is received: only whose fault a breach is differs.
 * Every check returns the value that it was given.
 */
import { fromString, toString as textOf } from 'uint8arrays'
import { type FedpitError, inputError, remoteError } from '../../src/core/errors.ts'

/** Invisible or line-breaking characters: a peer's name must not be able to move another one's terminal cursor. */
const unprintable = /[\p{Cc}\p{Cf}\p{Cs}\p{Zl}\p{Zp}]/u
const word = /^[A-Za-z][A-Za-z0-9._-]*$/
const sha256 = /^[0-9a-f]{64}$/

export interface Fields {
  /** Printable text of `min` (default 1) to `max` UTF-16 units. */
  text(name: string, value: string, max: number, min?: number): string
  /** Letters, digits, `.`, `_` and `-`, a letter first. */
  word(name: string, value: string, max: number): string
  /** Text that is one of `options`. */
  choice<T extends string>(name: string, value: string, options: readonly T[]): T
  /** An integer from `min` to `max` (default 2^32 - 1, what the wire can carry). */
  count(name: string, value: number, min?: number, max?: number): number
  finite(name: string, value: number): number
  /** sha256 as 64 lower-case hex digits. */
  digest(name: string, value: string): string
  /** At most `max` items. */
  list<T>(name: string, items: readonly T[], max: number): readonly T[]
  /** The error for field `name` of this message; to be thrown. */
  wrong(name: string, expected: string, actual: string): FedpitError
}

/** Checks for the message called `what`; `side` says whose it is: ours to write, or another peer's to read. */
export function fieldsOf(what: string, side: 'write' | 'read'): Fields {
  const wrong = (name: string, expected: string, actual: string): FedpitError => {
    const message = `Cannot ${side} ${what}: expected ${name} to be ${expected}, got ${actual}`
    return side === 'read'
      ? remoteError('wire.field', message, { field: name })
      : inputError('wire.field', message, { field: name })
  }
  const text = (name: string, value: string, max: number, min = 1): string => {
    if (value.length < min || value.length > max) {
      throw wrong(name, `${min} to ${max} characters`, `${value.length}`)
    }
    if (unprintable.test(value)) throw wrong(name, 'printable text', JSON.stringify(value.slice(0, 80)))
    return value
  }
  return {
    text,
    word: (name, value, max) => {
      if (!word.test(text(name, value, max))) {
        throw wrong(name, 'a letter, then letters, digits, ".", "_" or "-"', JSON.stringify(value))
      }
      return value
    },
    choice: (name, value, options) => {
      const found = options.find((option) => option === value)
      if (found === undefined) throw wrong(name, `one of ${options.join(', ')}`, JSON.stringify(value.slice(0, 80)))
      return found
    },
    count: (name, value, min = 0, max = 0xffff_ffff) => {
      if (!Number.isInteger(value) || value < min || value > max) {
        throw wrong(name, `an integer from ${min} to ${max}`, String(value))
      }
      return value
    },
    finite: (name, value) => {
      if (!Number.isFinite(value)) throw wrong(name, 'a finite number', String(value))
      return value
    },
    digest: (name, value) => {
      if (!sha256.test(value)) throw wrong(name, 'a sha256 in 64 hex digits', JSON.stringify(value.slice(0, 80)))
      return value
    },
    list: (name, items, max) => {
      if (items.length > max) throw wrong(name, `at most ${max} items`, String(items.length))
      return items
    },
    wrong,
  }
}

/** A digest's 64 hex digits as the 32 bytes that travel. */
export const digestBytes = (hex: string): Uint8Array => fromString(hex, 'hex')
/** Back again; what is not 32 bytes becomes text that `digest` refuses. */
export const digestText = (bytes: Uint8Array): string => textOf(bytes.subarray(0, 33), 'hex')
