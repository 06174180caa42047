/** The families of one document: usually one, sometimes two or three of the same house. */
import type { Random } from '../../core/random.ts'
import type { Example } from '../../data/example.ts'
import { chance, pick, sample } from './draw.ts'
import { families, trainKinds, trainPeople } from './families.ts'
import { createFamily, type Family } from './family.ts'
import { newHouse, type Shape } from './house.ts'
import { trainTrades } from './words/train-trades.ts'

/** Whether only houses that other documents know, too, may be drawn. */
export type Desk = (random: Random, settled: boolean) => Family[]

const settledShare = 0.2
const joined: readonly Shape[] = ['before', 'after']

const settledOf = Map.groupBy(families, ({ trade }) => trade)
const heldOutDesks = [...settledOf.values()].filter(([family]) => family?.split === 'heldOut')

export const trainingDesk: Desk = (random, settled) => {
  const trade = pick(random, trainTrades)
  const count = familyCount(random)
  if (settled || chance(random, settledShare)) return alike(sample(random, settledOf.get(trade.id) ?? [], count))
  const house = newHouse(trade, trainPeople, pick(random, count === 1 ? [...joined, 'input'] : joined), random)
  return sample(random, trainKinds, count).map((kind) => createFamily(kind, house, 'train'))
}

export const heldOutDesk: Desk = (random) => {
  return alike(sample(random, pick(random, heldOutDesks), familyCount(random)))
}

function familyCount(random: Random): number {
  return chance(random, 0.75) ? 1 : 2 + random.below(2)
}

/** Several families that list their inputs cannot share one instruction. */
function alike(drawn: readonly Family[]): Family[] {
  return drawn.some(({ varies }) => varies === 'input') ? drawn.slice(0, 1) : [...drawn]
}

/** Characters after which nothing is added: documents stay at about 350 tokens. */
const roomFor = 1000

/** At most so many examples, no task twice; a small family may have fewer. */
export function examplesOf(desk: readonly Family[], most: number, random: Random): Example[] {
  const examples = new Map<string, Example>()
  let length = 0
  for (let attempt = 0; attempt < most * 3 && examples.size < most && length < roomFor; attempt++) {
    const example = pick(random, desk).make(random)
    const task = `${example.instruction}\n${example.input ?? ''}`
    if (examples.has(task)) continue
    examples.set(task, example)
    length += task.length + example.response.length + 20
  }
  return [...examples.values()]
}
