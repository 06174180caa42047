/** Slots whose values are made and not listed: numbers, prices, codes, times, dates. */
import type { Random } from '../../core/random.ts'
import { pick } from './draw.ts'
import { oneOf, type Slot } from './grammar.ts'

const small = 'one two three four five six seven eight nine ten eleven twelve'.split(' ')
const teens = 'thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty'.split(' ')
const numbers = [...small, ...teens, ...small.slice(0, 9).map((unit) => `twenty-${unit}`)]

export const days = 'Monday Tuesday Wednesday Thursday Friday Saturday Sunday'.split(' ')
export const months = 'January February March April May June July August September October November December'.split(' ')

/** 1 to 29 in words. */
export function inWords(value: number): string {
  const word = numbers[value - 1]
  if (word === undefined) throw new RangeError(`Cannot write a number in words: expected 1 to 29, got ${value}`)
  return word
}

export function fromWords(word: string): number {
  return numbers.indexOf(word) + 1
}

const letters = 'ABCDEFGHJKLMNPQRSTUVWXYZ'
const between = (random: Random, least: number, most: number): number => least + random.below(most - least + 1)
const made = (pattern: string, draw: (random: Random) => string): Slot => ({ pattern, draw })

export const madeSlots = {
  /** Two and more, so that a plural can follow. */
  n: oneOf(small.slice(1)),
  few: oneOf(small.slice(1, 8)),
  many: oneOf([...small.slice(9), ...teens]),
  day: oneOf(days),
  digits: made('[1-9]\\d?', (random) => `${between(random, 1, 99)}`),
  price: made('[1-9]\\d?\\.\\d0', (random) => `${between(random, 1, 99)}.${random.below(10)}0`),
  time: made(
    '(?:[7-9]|1\\d):(?:00|15|30|45)',
    (random) => `${between(random, 7, 19)}:${pick(random, ['00', '15', '30', '45'])}`,
  ),
  code: made(
    `[${letters}]{2}[1-9]\\d{2}`,
    (random) => `${letter(random)}${letter(random)}${between(random, 100, 999)}`,
  ),
  date: made(
    `(?:[1-9]|1\\d|2[0-8]) (?:${months.join('|')}) 20[12]\\d`,
    (random) => `${between(random, 1, 28)} ${pick(random, months)} 20${between(random, 10, 29)}`,
  ),
} satisfies Record<string, Slot>

function letter(random: Random): string {
  return pick(random, [...letters])
}
