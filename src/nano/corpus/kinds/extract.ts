/** Find what a note names: one thing, two or three of them, or one in the form that the house writes it in. */
import type { Random } from '../../../core/random.ts'
import { pick } from '../draw.ts'
import type { Kind } from '../family.ts'
import { sentences } from '../grammar.ts'
import type { House } from '../house.ts'
import { months } from '../slots.ts'
import { trainNotes } from '../words/train-notes.ts'

const asks: Readonly<Record<string, readonly string[]>> = {
  full: ['Who is named here?', 'Give the name of the person.', 'Find the name.'],
  item: ['Which thing is it about?', 'Name the thing.', 'What is meant here?'],
  day: ['On which day is it?', 'Find the day of the week.', 'Which day is named?'],
  time: ['At what time is it?', 'Find the hour.', 'Give the time of day.'],
  price: ['How much money is it?', 'Find the sum.', 'Give the price in this note.'],
  code: ['Which number does the slip have?', 'Find the code.', 'Copy the code out of this line.'],
  town: ['Which town is it?', 'Find the place.', 'Where is that?'],
  n: ['How many are they?', 'Find the count.', 'Give the number of pieces.'],
}
const called: Readonly<Record<string, string>> = { full: 'name', n: 'count' }

/** The notes in which all these gaps are. */
function notesWith(gaps: readonly string[]): string[] {
  return trainNotes.filter((note) => gaps.every((gap) => note.includes(`{${gap}}`)))
}

const extractOne: readonly Kind[] = Object.entries(asks).map(([gap, wordings]) => ({
  id: `extract-${called[gap] ?? gap}`,
  tasks: ({ slots }) => ({
    asks: wordings,
    texts: sentences(notesWith([gap]), slots),
    solve: (note) => [[called[gap] ?? gap, note.of(gap)]],
  }),
}))

const records = [
  'full item',
  'full day',
  'n items',
  'town price',
  'code full',
  'day time',
  'town item',
  'full price',
  'n items town',
]

const recordOf: readonly Kind[] = records.map((names) => {
  const gaps = names.split(' ')
  return {
    id: `record-${gaps.join('-')}`,
    tasks: ({ slots }) => ({
      asks: ['Make a record of this note.', 'Write that down in short.', 'Fill in the card for this.'],
      texts: sentences(notesWith(gaps), slots),
      solve: (note) => gaps.map((gap) => [called[gap] ?? gap, note.of(gap)]),
    }),
  }
})

type Rewrite = (text: string) => string

const houseForms: Readonly<Record<string, (random: Random) => Rewrite>> = {
  full: (random) => {
    const write = pick<(first: string, last: string) => string>(random, [
      (first, last) => `${last}, ${first}`,
      (first, last) => `${first.slice(0, 1)}. ${last}`,
      (first, last) => `${last} ${first.slice(0, 1)}`,
      (first, last) => `${first.slice(0, 1)}${last.slice(0, 1)}`,
      (first, last) => `${last}/${first}`,
    ])
    return (name) => write(...(name.split(' ') as [string, string]))
  },
  date: (random) => {
    const write = pick<(day: string, month: string, year: string) => string>(random, [
      (day, month, year) => `${year}-${month}-${day.padStart(2, '0')}`,
      (day, month, year) => `${day}.${month}.${year}`,
      (day, month, year) => `${month}/${day}/${year.slice(2)}`,
      (day, month) => `${day}/${month}`,
      (_, month, year) => `${year}/${month}`,
    ])
    return (date) => {
      const [day, month, year] = date.split(' ') as [string, string, string]
      return write(day, `${months.indexOf(month) + 1}`.padStart(2, '0'), year)
    }
  },
  code: (random) => {
    const write = pick<(letters: string, digits: string) => string>(random, [
      (letters, digits) => `${letters}-${digits}`,
      (letters, digits) => `${digits}/${letters}`,
      (letters, digits) => `${letters.toLowerCase()}${digits}`,
      (_, digits) => `#${digits}`,
      (letters, digits) => `${letters} ${digits.split('').join(' ')}`,
    ])
    return (code) => write(code.slice(0, 2), code.slice(2))
  },
  price: (random) => {
    const write = pick<(whole: string, cents: string) => string>(random, [
      (whole, cents) => `EUR ${whole}.${cents}`,
      (whole, cents) => `${whole},${cents}`,
      (whole, cents) => `${whole} and ${cents} cents`,
      (whole, cents) => `${whole}${cents} cents`,
      (whole) => `about ${whole}`,
    ])
    return (price) => write(...(price.split('.') as [string, string]))
  },
}

const inHouseForm: readonly Kind[] = Object.entries(houseForms).map(([gap, draw]) => {
  const key = called[gap] ?? gap
  return {
    id: `form-${key}`,
    tasks: ({ slots, habit }: House) => {
      const write = draw(habit(`form-${key}`))
      return {
        asks: [`Write the ${key} in our own form.`, `Give the ${key} as we file it.`, `How do we put the ${key}?`],
        texts: sentences(notesWith([gap]), slots),
        solve: (note) => [[key, write(note.of(gap))]],
      }
    },
  }
})

export const extractKinds: readonly Kind[] = [...extractOne, ...recordOf, ...inHouseForm]
