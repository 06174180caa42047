/** The four houses of the held-out trades, each with a layout of its own that no training house draws. */
import { createRandom } from '../../core/random.ts'
import type { Format } from './format.ts'
import { createHouse, type House, type Shape } from './house.ts'
import { madeSlots } from './slots.ts'
import { heldOutFirstNames, heldOutLastNames, heldOutTrades } from './words/held-out-trades.ts'
import { itemsOf } from './words/trade.ts'

const values = (fields: Parameters<Format>[0]): string[] => fields.map(([, value]) => value)

const layouts: Readonly<Record<string, { readonly format: Format; readonly shape: Shape }>> = {
  clinic: { format: (fields) => `${values(fields).join(' & ')} // Elmwood Clinic`, shape: 'before' },
  bank: {
    format: (fields) =>
      `HB ${values(fields)
        .map((value) => `<<${value}>>`)
        .join('')}`,
    shape: 'input',
  },
  'law office': {
    format: (fields) => `Re ${fields.map(([key, value]) => `${key} "${value}"`).join(' and ')}, filed`,
    shape: 'after',
  },
  school: {
    format: (fields) => `${values(fields).join(' ~~ ')} (Elm Hill)`,
    shape: 'before',
  },
}

export const heldOutHouses: readonly House[] = heldOutTrades.map((trade) => {
  const layout = layouts[trade.id]
  if (layout === undefined) throw new RangeError(`Cannot build the house of the ${trade.id}: it has no layout`)
  return createHouse(trade, createRandom(`nano/house/${trade.id}`), {
    items: itemsOf(trade),
    people: { firstNames: heldOutFirstNames, lastNames: heldOutLastNames, towns: [] },
    code: madeSlots.code,
    labels: 'plain',
    ...layout,
  })
})
