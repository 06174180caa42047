/**
 * A house: a trade with habits of its own. Habits that are drawn anew for one document can be learned from that
 * document alone, which is what makes a small model read its context instead of trusting its weights.
 */
import type { Random } from '../../core/random.ts'
import { chance, pick, sample } from './draw.ts'
import { drawFormat, type Format, plainFormat } from './format.ts'
import type { Slot, Slots } from './gaps.ts'
import { oneOf } from './grammar.ts'
import { drawCode, madeSlots } from './slots.ts'
import { capital } from './wording.ts'
import { inventedWords } from './words/invented.ts'
import { itemsOf, plural, type Trade } from './words/trade.ts'

/** Where an example puts what it is about: in `input`, or in the instruction before or after what is asked. */
export type Shape = 'input' | 'before' | 'after'

export interface House {
  readonly trade: Trade
  readonly slots: Slots
  readonly items: readonly string[]
  /** Of an item in the singular or the plural. */
  teamOf(item: string): string
  readonly format: Format
  readonly shape: Shape
  /** The house's own names for what a kind calls `names`. */
  relabel(names: readonly string[]): ReadonlyMap<string, string>
  /** For a habit that only one kind of task has. */
  habit(kind: string): Random
}

export interface People {
  readonly firstNames: readonly string[]
  readonly lastNames: readonly string[]
  readonly towns: readonly string[]
}

interface Habits {
  readonly items: readonly string[]
  readonly people: People
  readonly code: Slot
  readonly format: Format
  readonly shape: Shape
  /** `own` draws labels and habits, `plain` keeps the names that a kind gives. */
  readonly labels: 'own' | 'plain'
}

export function createHouse(
  trade: Trade,
  random: Random,
  { items, people, code, format, shape, labels }: Habits,
): House {
  const teams = new Map([...trade.teams].flatMap(([team, things]) => things.map((thing) => [thing, team] as const)))
  for (const [item, team] of [...teams]) teams.set(plural(item), team)
  const { firstNames, lastNames, towns } = people
  const full = firstNames.flatMap((first) => lastNames.map((last) => `${first} ${last}`))
  return {
    trade,
    items,
    slots: {
      ...madeSlots,
      code,
      item: oneOf(items),
      items: oneOf(items.map(plural)),
      name: oneOf(firstNames),
      full: {
        draw: (source) => pick(source, full),
        pattern: `${oneOf(firstNames).pattern} ${oneOf(lastNames).pattern}`,
        words: full,
      },
      town: oneOf(towns),
    },
    teamOf: (item) => {
      const team = teams.get(item)
      if (team === undefined)
        throw new RangeError(`Cannot find the team for "${item}": the ${trade.id} has no such thing`)
      return team
    },
    format,
    shape,
    relabel: (names) => {
      const drawn = labels === 'own' ? drawLabels(random.derive(names.join()), names.length) : names
      return new Map(names.map((name, i) => [name, drawn[i] ?? name]))
    },
    habit: (kind) => random.derive(kind),
  }
}

/** The one house of a trade that stays the same in all documents. */
export function settledHouse(trade: Trade, people: People, shape: Shape, seed: Random): House {
  return createHouse(trade, seed, {
    items: itemsOf(trade),
    people,
    code: madeSlots.code,
    format: plainFormat,
    shape,
    labels: 'plain',
  })
}

/** How many things and people a house has, from and below, and how often they are invented. */
export interface Size {
  readonly people: readonly [least: number, choices: number]
  readonly items: readonly [least: number, choices: number]
  readonly inventedThings: number
  readonly inventedPeople: number
}

const usual: Size = { people: [6, 8], items: [2, 3], inventedThings: 0.25, inventedPeople: 0.4 }
/** So few that most of what a document says next it has said before, and mostly words that no weights know. */
export const small: Size = { people: [5, 4], items: [2, 2], inventedThings: 0.5, inventedPeople: 0.5 }

/** Of so many people and things that one at hand may not have been named before. */
export const large: Size = { people: [10, 15], items: [3, 2], inventedThings: 0.4, inventedPeople: 0.5 }

/** A house for one document: few things and people, so that they come back in it, and habits never seen before. */
export function newHouse(trade: Trade, people: People, shape: Shape, random: Random, size: Size = usual): House {
  const count = ([least, choices]: readonly [number, number]): number => least + random.below(choices)
  const few = (words: readonly string[]): string[] => sample(random, words, count(size.people))
  const own = chance(random, size.inventedThings) ? inventedThings(trade, random) : trade
  const { firstNames, lastNames, towns } = chance(random, size.inventedPeople) ? inventedPeople(random) : people
  return createHouse(own, random.derive('house'), {
    items: [...own.teams.values()].flatMap((items) => sample(random, items, count(size.items))),
    people: { firstNames: few(firstNames), lastNames: few(lastNames), towns: few(towns) },
    code: chance(random, 0.6) ? drawCode(random) : madeSlots.code,
    format: chance(random, 0.2) ? plainFormat : drawFormat(random),
    shape,
    labels: chance(random, 0.5) ? 'own' : 'plain',
  })
}

/** Things that no other document knows. */
function inventedThings(trade: Trade, random: Random): Trade {
  const names = inventedWords(random, trade.teams.size * 4)
  return { ...trade, teams: new Map([...trade.teams.keys()].map((team, i) => [team, names.slice(i * 4, i * 4 + 4)])) }
}

function inventedPeople(random: Random): People {
  const names = inventedWords(random, 36).map(capital)
  return { firstNames: names.slice(0, 12), lastNames: names.slice(12, 24), towns: names.slice(24) }
}

const colours = 'red blue green yellow white black grey brown pink orange purple gold'.split(' ')
const places = 'north south east west upstairs downstairs inside outside left right front back'.split(' ')

function drawLabels(random: Random, count: number): string[] {
  switch (random.below(5)) {
    case 0:
      return sample(random, colours, count)
    case 1:
      return sample(random, places, count)
    case 2:
      return sample(random, [...'ABCDEFGHKLMNPRSTXZ'], count)
    case 3:
      return sample(random, '1 2 3 4 5 6 7 8 9'.split(' '), count).map((digit) => `desk ${digit}`)
    default:
      return inventedWords(random, count)
  }
}
