/** Slots whose values are made and not listed: numbers, prices, codes, times, dates. */
import type { Random } from '../../core/random.ts'
import { chance, pick } from './draw.ts'
import type { Slot } from './gaps.ts'
import { oneOf } from './grammar.ts'

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

/** No vowels, so that a code is no word by chance. */
const letters = 'BCDFGHJKLMNPQRSTVWXZ'
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
  /** 4,310 */
  sum: made('[1-9],\\d{3}', (random) => `${between(random, 1, 9)},${`${random.below(1000)}`.padStart(3, '0')}`),
  date: made(
    `(?:[1-9]|1\\d|2[0-8]) (?:${months.join('|')}) 20[12]\\d`,
    (random) => `${between(random, 1, 28)} ${pick(random, months)} 20${between(random, 10, 29)}`,
  ),
} satisfies Record<string, Slot>

/** A house's own form of code: two or three groups of letters or digits. */
export function drawCode(random: Random): Slot {
  const groups = Array.from({ length: 2 + random.below(2) }, (_, i) => {
    const count = between(random, i === 0 ? 1 : 2, 4)
    return chance(random, 0.3)
      ? { pattern: `[${letters}]{${count}}`, draw: letter, count }
      : { pattern: `\\d{${count}}`, draw: digit, count }
  })
  const separator = pick(random, ['-', '/', '', '.', '_'])
  return made(groups.map(({ pattern }) => pattern).join(separator.replace('.', '\\.')), (source) =>
    groups.map(({ draw, count }) => Array.from({ length: count }, () => draw(source)).join('')).join(separator),
  )
}

function digit(random: Random): string {
  return `${random.below(10)}`
}

function letter(random: Random): string {
  return pick(random, [...letters])
}
