/** The families of one document: usually one, sometimes two or three of the same house. */
import type { Random } from '../../core/random.ts'
import type { Example } from '../../data/example.ts'
import { chance, pick, sample } from './draw.ts'
import { commonKinds, families, phrasedKinds, trainPeople } from './families.ts'
import { createFamily, type Family, type Kind } from './family.ts'
import { drawWideFormat, plainFormat } from './format.ts'
import { type House, large, newHouse, type Shape, type Size, small } from './house.ts'
import { broadKinds, broadWord } from './kinds/broad.ts'
import { patternKinds } from './kinds/patterns.ts'
import { steps, strides } from './kinds/step.ts'
import { wideKinds, wideWord } from './kinds/wide.ts'
import type { DrawWord } from './patterns.ts'
import { trainTrades } from './words/train-trades.ts'

/** Whether only houses that other documents know, too, may be drawn. */
export type Desk = (random: Random, settled: boolean) => Family[]

const settledShare = 0.08
/** Of houses for one document. The rest has sentences that other houses have, too. */
const usualShares = { patterns: 0.5, phrased: 0.3 }
const wideShares = { patterns: 0.65, phrased: 0.28 }
const broadShares = { patterns: 0.8, phrased: 0.14 }
const joined: readonly Shape[] = ['before', 'after']

const settledOf = Map.groupBy(families, ({ trade }) => trade)
const heldOutDesks = [...settledOf.values()].filter(([family]) => family?.split === 'heldOut')

export const trainingDesk: Desk = (random, settled) => {
  const trade = pick(random, trainTrades)
  const count = familyCount(random)
  if (settled || chance(random, settledShare)) return alike(sample(random, settledOf.get(trade.id) ?? [], count))
  const house = newHouse(trade, trainPeople, pick(random, count === 1 ? [...joined, 'input'] : joined), random)
  return familiesIn(house, patternKinds, usualShares, count, random)
}

/** Small houses whose words and layouts come from a far larger stock. */
export const wideDesk: Desk = (random) => {
  const count = familyCount(random)
  return familiesIn(wideHouse(random, count, small, wideWord), wideKinds, wideShares, count, random)
}

/** Of more forms of tasks, in more sentences, and in half of the houses with more people and things. */
export const broadDesk: Desk = (random) => {
  const count = chance(random, 0.85) ? 1 : 2
  const size = chance(random, 0.5) ? small : large
  return familiesIn(wideHouse(random, count, size, broadWord), broadKinds, broadShares, count, random)
}

/** One of these kinds, in a layout that needs no learning. */
export function stepDesk(kinds: readonly Kind[]): Desk {
  return (random) => [createFamily(pick(random, kinds), { ...stepHouse(random), format: plainFormat }, 'train')]
}

/** Steps in any layout, some in longer sentences, or joined in broad tasks. */
export const strideDesk: Desk = (random) => {
  const form = random.next()
  if (form < 0.35) return broadDesk(random, false)
  return [createFamily(pick(random, Object.values(form < 0.65 ? strides : steps)), stepHouse(random), 'train')]
}

/** The same, with more of what was learned worst. */
export const piecesDesk: Desk = (random) => {
  const form = random.next()
  if (form < 0.35) return broadDesk(random, false)
  const { change, relate, reword, belong, record } = form < 0.7 ? strides : steps
  return [
    createFamily(pick(random, [change, relate, reword, reword, reword, belong, record]), stepHouse(random), 'train'),
  ]
}

/** What a model practises on: these kinds turn about, but for those that it goes on with worst. */
export const practiceDesk: Desk = (random) => {
  if (chance(random, 0.35)) return broadDesk(random, false)
  const { change, relate, reword, belong, record } = chance(random, 0.65) ? strides : steps
  const kind = pick(random, [change, relate, relate, reword, reword, belong, record])
  return [createFamily(kind, stepHouse(random), 'train')]
}

function stepHouse(random: Random): House {
  return wideHouse(random, 1, chance(random, 0.4) ? small : large, broadWord)
}

/** In half of the cases with a layout that only a far larger stock has. */
function wideHouse(random: Random, families: number, size: Size, word: DrawWord): House {
  const shape = pick<Shape>(random, families === 1 ? [...joined, 'input'] : joined)
  const drawn = newHouse(pick(random, trainTrades), trainPeople, shape, random, size)
  return chance(random, 0.5) ? { ...drawn, format: drawWideFormat(random, word) } : drawn
}

export const heldOutDesk: Desk = (random) => {
  return alike(sample(random, pick(random, heldOutDesks), familyCount(random)))
}

function familiesIn(
  house: House,
  patterns: readonly Kind[],
  shares: typeof usualShares,
  count: number,
  random: Random,
): Family[] {
  const form = random.next()
  const phrased = form < shares.patterns + shares.phrased ? phrasedKinds : commonKinds
  const kinds = form < shares.patterns ? patterns : phrased
  return sample(random, kinds, count).map((kind) => createFamily(kind, house, 'train'))
}

function familyCount(random: Random): number {
  return chance(random, 0.75) ? 1 : 2 + random.below(2)
}

/** Several families that list their inputs cannot share one instruction. */
function alike(drawn: readonly Family[]): Family[] {
  return drawn.some(({ varies }) => varies === 'input') ? drawn.slice(0, 1) : [...drawn]
}

/** Characters after which nothing is added: the longest documents are as long as real prompts with eight examples. */
export interface Room {
  readonly least: number
  readonly most: number
}

/** More words in common than this make two tasks alike; self-generation drops a new task that is like a known one. */
const mostAlike = 0.7

/**
 * At most so many examples, no task twice; a small family may have fewer. `apart` keeps to tasks that are unlike each
 * other: a list of them is continued by tasks that are new.
 */
export function examplesOf(
  desk: readonly Family[],
  most: number,
  apart: boolean,
  random: Random,
  room: Room,
): Example[] {
  const examples: Example[] = []
  const known: string[][] = []
  const end = room.least + random.below(room.most - room.least)
  let written = 0
  for (let attempt = 0; attempt < most * 3 && examples.length < most && written < end; attempt++) {
    const example = pick(random, desk).make(random)
    const task = taskText(example)
    const words = task.toLowerCase().match(/[a-z0-9]+/g) ?? []
    if (known.some((other) => sharedWords(words, other) > (apart ? mostAlike : 0.999))) continue
    known.push(words)
    examples.push(example)
    written +=
      task.length + (example.input === undefined ? 0 : example.instruction.length) + example.response.length + 20
  }
  return examples
}

/** What a list of tasks shows of an example. */
export function taskText({ instruction, input }: Example): string {
  return input ?? instruction
}

/** Of both together, in any order: an upper bound of ROUGE-L. */
function sharedWords(one: readonly string[], other: readonly string[]): number {
  const rest = [...other]
  let common = 0
  for (const word of one) {
    const at = rest.indexOf(word)
    if (at < 0) continue
    rest.splice(at, 1)
    common += 1
  }
  return (2 * common) / (one.length + other.length)
}
