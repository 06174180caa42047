/** A number that somebody typed after an option of a script. */
import { inputError } from '../src/core/errors.ts'

export function wholeNumber(option: string, text: string): number {
  const value = Number(text)
  if (Number.isSafeInteger(value) && value > 0) return value
  throw inputError('usage.number', `Cannot use ${option} ${text}: expected a whole number above 0`)
}
