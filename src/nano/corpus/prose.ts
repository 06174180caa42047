/** A few plain sentences about a day in one trade, for fluent English. */
import type { Random } from '../../core/random.ts'
import { pick, sample } from './draw.ts'
import { trainPeople } from './families.ts'
import { oneOf, sentences } from './grammar.ts'
import { newHouse } from './house.ts'
import { trainNotes } from './words/train-notes.ts'
import { trainProse } from './words/train-prose.ts'
import { trainTrades } from './words/train-trades.ts'

export function prose(random: Random): string {
  const trade = pick(random, trainTrades)
  const { slots } = newHouse(trade, trainPeople, 'before', random)
  const own = { ...slots, trade: oneOf([trade.id]), role: oneOf([trade.role]) }
  const chosen = [...sample(random, trainProse, 3 + random.below(6)), ...sample(random, trainNotes, random.below(3))]
  return chosen.map((sentence) => sentences([sentence], own).write(random).text).join(' ')
}
