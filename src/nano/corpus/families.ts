/** All families: each kind of task in each trade, training and held out apart. */
import { createRandom } from '../../core/random.ts'
import { createFamily, type Family, type Kind } from './family.ts'
import { heldOutHouses } from './held-out-houses.ts'
import { type People, type Shape, settledHouse } from './house.ts'
import { classifyKinds } from './kinds/classify.ts'
import { drawnFieldKinds } from './kinds/drawn-fields.ts'
import { drawnTextKinds } from './kinds/drawn-texts.ts'
import { extractKinds } from './kinds/extract.ts'
import { heldOutKinds } from './kinds/held-out.ts'
import { languageKinds } from './kinds/language.ts'
import { listKinds } from './kinds/list.ts'
import { lookupKinds } from './kinds/lookup.ts'
import { patternKinds } from './kinds/patterns.ts'
import { readKinds } from './kinds/read.ts'
import { reckonKinds } from './kinds/reckon.ts'
import { trainFirstNames, trainLastNames, trainTowns } from './words/train-people.ts'
import { trainTrades } from './words/train-trades.ts'

export type { Family, Task } from './family.ts'

/** Their sentences are the same in all houses. */
export const commonKinds: readonly Kind[] = [
  ...classifyKinds,
  ...extractKinds,
  ...lookupKinds,
  ...readKinds,
  ...reckonKinds,
  ...listKinds,
  ...languageKinds,
]
/** Their sentences are each house's own, put together from phrases. */
export const phrasedKinds: readonly Kind[] = [...drawnFieldKinds, ...drawnTextKinds]

export const trainPeople: People = { firstNames: trainFirstNames, lastNames: trainLastNames, towns: trainTowns }

const shapes: readonly Shape[] = ['input', 'before', 'after']

export const families: readonly Family[] = [
  ...trainTrades.flatMap((trade, i) => {
    const shape = shapes[i % shapes.length] as Shape
    const house = settledHouse(trade, trainPeople, shape, createRandom(`nano/house/${trade.id}`))
    return [...commonKinds, ...phrasedKinds, ...patternKinds].map((kind) => createFamily(kind, house, 'train'))
  }),
  ...heldOutHouses.flatMap((house) => heldOutKinds.map((kind) => createFamily(kind, house, 'heldOut'))),
]
