/**
 * What is taught, from easy to hard. Told everything at once, a small model learns what houses sound like and copies from
 * the wrong places; told first to say one thing back, it does so within a million tokens, and the rest is built on
 * that (docs/log.md; a curriculum in the sense of Bengio et al. 2009).
 */
import type { Random } from '../../core/random.ts'
import { chance, pick } from './draw.ts'
import { trainPeople } from './families.ts'
import { createFamily, type Family, type Kind } from './family.ts'
import { plainFormat } from './format.ts'
import { newHouse } from './house.ts'
import { patternKinds } from './kinds/patterns.ts'
import { steps } from './kinds/step.ts'
import { recordTasks } from './patterns.ts'
import { trainTrades } from './words/train-trades.ts'

/**
 * `copy` says one gap of one sentence back; `pick` one or two of a few, as the house writes them; `answer` patterns;
 * `all` the whole corpus; `wide` long documents of far more words, layouts and forms of tasks;
 * `broad` more of these forms at once, and joined; then one step after another in a few words: `change`, `relate`, `reword`,
 * `belong`; `stride` these in any layout and length, and broad tasks; `pieces` the same in words of more tokens, and more lists.
 */
export const lessons = [
  'copy',
  'pick',
  'answer',
  'all',
  'wide',
  'broad',
  'change',
  'relate',
  'reword',
  'belong',
  'stride',
  'pieces',
] as const
export type Lesson = (typeof lessons)[number]

/** Earlier lessons come back in later ones. */
const chosen: Partial<Record<Lesson, readonly ('copy' | 'pick' | 'answer')[]>> = {
  copy: ['copy'],
  pick: ['copy', 'pick', 'pick'],
  answer: ['copy', 'pick', 'answer', 'answer'],
  all: ['pick', 'answer'],
  wide: ['pick'],
  broad: ['answer'],
}
/** The same for steps: the new one comes most often. */
const stepsIn: Partial<Record<Lesson, readonly Kind[]>> = {
  change: [steps.change],
  relate: [steps.change, steps.relate],
  reword: [steps.change, steps.relate, steps.reword, steps.reword],
  belong: [steps.change, steps.relate, steps.reword, steps.record, steps.belong, steps.belong],
}

/** Undefined where the lesson is not one of steps. */
export function stepKinds(lesson: Lesson): readonly Kind[] | undefined {
  return stepsIn[lesson]
}

/** Of documents of the last lessons, those that are earlier ones. */
const repeated: Partial<Record<Lesson, number>> = { all: 0.2, wide: 0.1, broad: 0.05 }

/** A family of one lesson; undefined where the lesson's own documents are to be drawn. */
export function lessonFamily(lesson: Lesson, random: Random): Family | undefined {
  const [choices, share] = [chosen[lesson], repeated[lesson]]
  if (choices === undefined || (share !== undefined && !chance(random, share))) return undefined
  const now = pick(random, choices)
  const house = newHouse(pick(random, trainTrades), trainPeople, 'before', random)
  if (now === 'answer') return createFamily(pick(random, patternKinds), house, 'train')
  if (now === 'pick') return createFamily(record('pick', 2), house, 'train')
  return createFamily(record('copy', 1), { ...house, format: plainFormat }, 'train')
}

/** As many sentences and gaps asked for as `most` at most; with more than one, one gap more may stand in the way. */
function record(id: string, most: number): Kind {
  const size = { asked: most, sentences: most, others: most - 1 }
  return { id, tasks: ({ slots, habit }) => ({ asks: [], ...recordTasks(habit(id), slots, size, 0) }) }
}
