/** How a house writes its answers: the same fields in its own layout. */
import type { Random } from '../../core/random.ts'
import { chance, pick } from './draw.ts'
import { inventedWord } from './words/invented.ts'

/** What an answer says, in order: the name of each part and the part. */
export type Fields = readonly (readonly [key: string, value: string])[]

export type Format = (fields: Fields) => string

/** One part alone, many with their names: what an answer looks like where no house has another habit. */
export const plainFormat: Format = (fields) =>
  fields.length === 1 ? fields.map(([, value]) => value).join('') : fields.map((field) => field.join(': ')).join('; ')

const pairs: readonly ((key: string, value: string) => string)[] = [
  (_, value) => value,
  (_, value) => value,
  (key, value) => `${key}: ${value}`,
  (key, value) => `${key}=${value}`,
  (key, value) => `${key} ${value}`,
  (key, value) => `${value} (${key})`,
  (_, value) => `(${value})`,
]
const joints = ['; ', ', ', ' | ', ' / ', ' + ', '. ', ' - ']
const cases: readonly ((text: string) => string)[] = [
  (text) => text,
  (text) => text,
  (text) => text,
  (text) => text.toUpperCase(),
  (text) => text.toLowerCase(),
]
const keys: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => key.slice(0, 1).toUpperCase() + key.slice(1),
  (key) => key.toUpperCase(),
  (key) => key.slice(0, 1),
]
const wraps = ['@', '@', '@', '@.', '@!', '[@]', '<@>', '"@"', '-> @', '* @ *', '{ @ }', '= @', '@ #', '~ @']
const openings = ['Reply:', 'Note:', 'Answer:', 'We say', 'It is', 'That makes', 'Result', 'Here:', 'Desk:', 'Memo']
const closings = ['ok', 'done', 'thank you', 'noted', 'see you', 'end', 'as agreed', 'checked', 'best wishes', 'over']

/** Almost never the same twice: it can only be learned from the answers that are shown. */
export function drawFormat(random: Random): Format {
  const [pair, joint, letters, keyCase] = [
    pick(random, pairs),
    pick(random, joints),
    pick(random, cases),
    pick(random, keys),
  ]
  const opening = chance(random, 0.3) ? pick(random, [...openings, inventedWord(random)]) : ''
  const closing = chance(random, 0.3) ? pick(random, [...closings, inventedWord(random)]) : ''
  const wrap = pick(random, wraps)
  return (fields) => {
    const parts = fields.map(([key, value]) => pair(keyCase(key), letters(value)))
    const body = wrap.replace('@', () => parts.join(joint))
    return [opening, body, closing === '' ? '' : `- ${closing}`].filter((part) => part !== '').join(' ')
  }
}
