/** Small sums in words, and what is more, less, earlier or later. */
import type { Kind } from '../family.ts'
import { sentences } from '../grammar.ts'
import { days, fromWords, inWords } from '../slots.ts'

const sums: Kind = {
  id: 'sum',
  tasks: ({ slots, trade }) => ({
    asks: ['How many are there now?', 'Work it out.', `Count for the ${trade.id}.`],
    texts: sentences(
      [
        ['{name} has {n} {items} and gets {n2} more.', '+'],
        ['There are {n} {items} in {town} and {n2} in {town2}.', '+'],
        ['On {day} came {n} {items}, on {day2} {n2}.', '+'],
        ['{name} brings {n} {items}, {name2} brings {n2}.', '+'],
        ['We had {many} {items} and sold {few} to {name}.', '-'],
        ['Of {many} {items} the {role} broke {few}.', '-'],
        ['{name} had {many} {items} and gave {few} to {name2}.', '-'],
        ['{town} ordered {many} {items}, {few} are already there.', '-'],
      ].map(([text, sign]) => [(text as string).replace('{role}', trade.role), sign as string] as const),
      slots,
    ),
    solve: ({ tag, of }) => [
      [
        'total',
        inWords(tag === '+' ? fromWords(of('n')) + fromWords(of('n2')) : fromWords(of('many')) - fromWords(of('few'))),
      ],
    ],
  }),
}

/** Two things with a figure each; the first gap of the smaller or the larger one. */
const cheaper: Kind = {
  id: 'cheaper',
  tasks: ({ slots, habit }) => {
    const wantLess = habit('cheaper').below(2) === 0
    return {
      asks: wantLess
        ? ['Which costs less?', 'Name the cheaper one.', 'What is the better buy?']
        : ['Which costs more?', 'Name the dearer one.', 'What is the more precious one?'],
      texts: sentences(
        [
          'The {item} costs {price} and the {item2} {price2}.',
          'We pay {price} for the {item}, {price2} for the {item2}.',
          '{name} sells the {item} at {price}, the {item2} at {price2}.',
          'In {town} you get the {item} for {price}, the {item2} for {price2}.',
          'On {day} the {item} is {price}, the {item2} {price2}.',
        ],
        slots,
      ),
      solve: ({ of }) => [
        ['choice', Number(of('price')) < Number(of('price2')) === wantLess ? of('item') : of('item2')],
      ],
    }
  },
}

const earlier: Kind = {
  id: 'earlier',
  tasks: ({ slots }) => ({
    asks: [
      'Who is here first in the week?',
      'Who comes earlier, Monday being first?',
      'Name the first one of the week.',
    ],
    texts: sentences(
      [
        '{name} comes on {day} and {name2} on {day2}.',
        'On {day} we see {name}, on {day2} {name2}.',
        '{name} picks up the {item} on {day}, {name2} on {day2}.',
        '{name} from {town} has {day}, but {name2} has {day2}.',
        'The list says {day} for {name} and {day2} for {name2}.',
      ],
      slots,
    ),
    solve: ({ of }) => [['first', days.indexOf(of('day')) < days.indexOf(of('day2')) ? of('name') : of('name2')]],
  }),
}

const byFigure: Kind = {
  id: 'by-figure',
  tasks: ({ slots, habit }) => {
    const up = habit('by-figure').below(2) === 0
    return {
      asks: up
        ? ['Lowest figure first.', 'Put them in rising order.']
        : ['Highest figure first.', 'Put them in falling order.'],
      texts: sentences(
        [
          '{item} {digits}, {item2} {digits2}, {item3} {digits3}.',
          '{name} {digits}, {name2} {digits2}, {name3} {digits3}.',
          '{town} {digits}, {town2} {digits2}, {town3} {digits3}.',
        ].map((text) => [text, /\w+/.exec(text)?.[0] ?? ''] as const),
        slots,
      ),
      solve: ({ tag, of }) => {
        const rows = ['', '2', '3'].map((i) => ({ word: of(`${tag}${i}`), figure: Number(of(`digits${i}`)) }))
        rows.sort((a, b) => (up ? a.figure - b.figure : b.figure - a.figure))
        return [['order', rows.map(({ word }) => word).join(', ')]]
      },
    }
  },
}

export const reckonKinds: readonly Kind[] = [sums, cheaper, earlier, byFigure]
