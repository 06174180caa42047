/**
 * Pre-training documents in the shapes that FedPIT prompts with: lists of tasks, lists of examples, chats; some prose.
 * Most show several items of one family whose labels, words and format were drawn for this document alone.
 */
import type { Random } from '../../core/random.ts'
import { promptTexts } from '../../fedpit/prompts.ts'
import {
  broadDesk,
  type Desk,
  examplesOf,
  heldOutDesk,
  piecesDesk,
  type Room,
  stepDesk,
  strideDesk,
  trainingDesk,
  wideDesk,
} from './desk.ts'
import { chance, pick } from './draw.ts'
import type { Family } from './family.ts'
import { type Lesson, lessonFamily, stepKinds } from './lessons.ts'
import { prose } from './prose.ts'
import { chat, exampleList, far, near, type Passage, type Reach, spelled, taskList } from './shapes.ts'
import { trainLines } from './words/train-lines.ts'

const proseShare = 0.04

/** One document, of training families and words alone, as passages to be joined. */
export function trainingDocument(random: Random, lesson: Lesson = 'all'): readonly Passage[] {
  // A house's habits are derived from the stream's seed, which all documents of an update share: those of earlier lessons
  // had one house's sentences for each kind.
  const own = (): Random => random.derive(`${random.next()}`)
  const kinds = stepKinds(lesson)
  if (kinds !== undefined) return longDocument(own(), stepDesk(kinds), step)
  if (lesson === 'stride') return longDocument(own(), strideDesk, stride)
  if (lesson === 'pieces') return longDocument(own(), piecesDesk, pieces)
  const family = lessonFamily(lesson, random)
  if (family !== undefined) return listDocument(random, () => [family], false)
  if (lesson === 'wide') return longDocument(random, wideDesk, wide)
  if (lesson === 'broad') return longDocument(random, broadDesk, broad)
  return random.next() < proseShare ? [{ text: prose(random), weight: 1 }] : listDocument(random, trainingDesk, true)
}

/** Of one house, and nearly a row long. */
function longDocument(random: Random, desk: Desk, sizes: Sizes): readonly Passage[] {
  const families = desk(random, false)
  return shaped(random, random.next(), families, sizes)
}

/** The same shapes with held-out families: its loss says how well examples are followed, not what is known. */
export function heldOutDocument(random: Random): readonly Passage[] {
  return listDocument(random, heldOutDesk, false)
}

/** `singles`: some chats are one message alone. Only settled houses have an answer to it that can be known. */
function listDocument(random: Random, desk: Desk, singles: boolean): readonly Passage[] {
  const form = random.next()
  const single = singles && form >= 0.85 && form < 0.92
  return shaped(random, form, desk(random, single), single ? { ...usual, messages: [1, 1] } : usual)
}

/** Numbers of examples: the least, and how many numbers from it on there are to choose from. */
type Count = readonly [least: number, choices: number]

interface Sizes {
  /** Below the first a list of tasks, below the second a list of examples, above a chat. */
  readonly forms: readonly [tasks: number, examples: number]
  readonly tasks: Count
  /** Share of the lists of tasks whose tasks are unlike each other. */
  readonly apart: number
  readonly examples: Count
  readonly messages: Count
  readonly room: Room
  /** What tells which words of a listed task can be known. */
  readonly reach: Reach
}

const usual: Sizes = {
  forms: [0.3, 0.85],
  tasks: [3, 10],
  apart: 1,
  examples: [2, 11],
  messages: [2, 5],
  room: { least: 350, most: 2200 },
  reach: near,
}
/** Long: the last examples of a document teach most of each. */
const wide: Sizes = {
  forms: [0.4, 0.87],
  tasks: [6, 9],
  apart: 0.5,
  examples: [5, 9],
  messages: [4, 6],
  room: { least: 1000, most: 2200 },
  reach: near,
}
const broad: Sizes = { ...wide, room: { least: 1200, most: 2400 }, reach: far }
const stride: Sizes = { ...broad, forms: [0.3, 0.85], room: { least: 600, most: 2400 } }
/** Of fewer characters, as they have more tokens, and more of them lists. */
const pieces: Sizes = { ...stride, forms: [0.42, 0.88], apart: 0.75, room: { least: 600, most: 2000 }, reach: spelled }
/** Answers are what these are about. */
const step: Sizes = { ...stride, forms: [0, 0.85], examples: [6, 9], room: { least: 500, most: 1500 } }

/** `form`, from 0 to below 1, says which of the three shapes. */
function shaped(random: Random, form: number, families: readonly Family[], sizes: Sizes): readonly Passage[] {
  const { forms, tasks, apart, examples, messages, room, reach } = sizes
  // What leaves no choice takes nothing from the random stream.
  const count = ([least, choices]: Count): number => least + (choices > 1 ? random.below(choices) : 0)
  const drawn = (most: number, unlike = false) => examplesOf(families, most, unlike, random, room)
  if (form < forms[0]) {
    const listed = drawn(count(tasks), apart === 1 || chance(random, apart))
    return taskList(listed, openingLine(random, promptTexts.instructions), reach)
  }
  if (form < forms[1]) return exampleList(drawn(count(examples)), openingLine(random, promptTexts.responses))
  return chat(drawn(count(messages)))
}

/** The program's own line before a list, another one or none: its user can set it. */
export function openingLine(random: Random, own: string): string {
  const kind = random.below(10)
  return kind < 5 ? own : kind < 8 ? pick(random, trainLines) : ''
}
