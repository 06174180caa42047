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

/** `@` is the value, `#` its name. */
const pairs = '@~@~@~# @~#: @~#=@~@ (#)~(@)~[#] @~# -> @~"@"~@ = #~{@}~#/@~# is @'.split('~')
const joints = '; ~, ~ | ~ / ~ + ~. ~ - ~ :: ~ > ~ * ~ and ~ with ~ _ ~ ... ~ then '.split('~')
const keys: readonly ((key: string) => string)[] = [
  (key) => key,
  (key) => key.slice(0, 1).toUpperCase() + key.slice(1),
  (key) => key.toUpperCase(),
  (key) => key.slice(0, 1),
]
const wraps = '@~@~@~@~@.~@!~[@]~<@>~"@"~-> @~* @ *~{ @ }~= @~@ #~> @ <~_@_'.split('~')
const openings = 'Reply:~Note:~Answer:~We say~It is~That makes~Result~Here:~Desk:~Memo~So~Now'.split('~')
const closings = 'ok~done~thank you~noted~see you~end~as agreed~checked~best wishes~over~for us'.split('~')
const signs = ' - @~ (@)~, @~ | @~ / @~. @~ @~ * @~ = @~ [@]'.split('~')

/** Almost never the same twice: it can only be learned from the answers that are shown. */
export function drawFormat(random: Random): Format {
  const [pair, joint, keyCase] = [pick(random, pairs), pick(random, joints), pick(random, keys)]
  const opening = chance(random, 0.3) ? `${pick(random, [...openings, ...drawWords(random)])} ` : ''
  const closing = chance(random, 0.35)
    ? pick(random, signs).replace('@', pick(random, [...closings, ...drawWords(random)]))
    : ''
  const wrap = pick(random, wraps)
  return (fields) => {
    const parts = fields.map(([key, value]) => pair.replace(/[@#]/g, (sign) => (sign === '@' ? value : keyCase(key))))
    return `${opening}${wrap.replace('@', () => parts.join(joint))}${closing}`
  }
}

/** As many invented ones as there are common ones: a house's name, a seal. */
function drawWords(random: Random): string[] {
  return Array.from({ length: 10 }, () => {
    const [first, second] = [inventedWord(random), inventedWord(random)]
    const word = first.slice(0, 1).toUpperCase() + first.slice(1)
    return pick(random, [word, first, `${word} ${second}`, word.slice(0, 2).toUpperCase()])
  })
}

/** What held-out layouts are made of; no training layout has it. */
const heldOutSigns = /<<|>>|&|\/\/|~~/
const marks = [...'-=+*/|:;.,~^#()[]{}<>"_!?@%$']

function drawSign(random: Random): string {
  for (;;) {
    const sign = Array.from({ length: 1 + random.below(3) }, () => pick(random, marks)).join('')
    if (!heldOutSigns.test(sign)) return sign
  }
}

/** A layout of signs and of words that `word` draws: far more of them than `drawFormat` knows. */
export function drawWideFormat(random: Random, word: (random: Random) => string): Format {
  const sample = ['name', 'value'] as const
  for (;;) {
    const format = drawSignedFormat(random, word)
    // Signs that meet could make one that is held out.
    if (!heldOutSigns.test(format([sample, sample]))) return format
  }
}

function drawSignedFormat(random: Random, word: (random: Random) => string): Format {
  const glue = (): string => {
    const sign = drawSign(random)
    return pick(random, [sign, ` ${sign} `, `${sign} `, ` ${word(random)} `, ', ', ' '])
  }
  const [named, marked] = [chance(random, 0.4), chance(random, 0.4)]
  const [key, joint, keyCase] = [glue(), glue(), pick(random, keys)]
  const [left, right] = marked ? [drawSign(random), drawSign(random)] : ['', '']
  const opening = chance(random, 0.3)
    ? pick(random, [`${word(random)} `, `${drawSign(random)} `, drawSign(random)])
    : ''
  const closing = chance(random, 0.35) ? glue() + word(random) : chance(random, 0.2) ? drawSign(random) : ''
  return (fields) => {
    const parts = fields.map(([name, value]) => `${named ? keyCase(name) + key : ''}${left}${value}${right}`)
    return `${opening}${parts.join(joint)}${closing}`
  }
}
