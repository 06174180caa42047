/**
 * Pre-training documents in the shapes that FedPIT prompts with: lists of tasks, lists of examples, chats; some prose.
 * Most show several items of one family whose labels, words and format were drawn for this document alone.
 */
import type { Random } from '../../core/random.ts'
import { promptTexts } from '../../fedpit/prompts.ts'
import { type Desk, examplesOf, heldOutDesk, trainingDesk, wideDesk, wideRoom } from './desk.ts'
import { chance, pick } from './draw.ts'
import { type Lesson, lessonFamily } from './lessons.ts'
import { prose } from './prose.ts'
import { chat, exampleList, type Passage, taskList } from './shapes.ts'
import { trainLines } from './words/train-lines.ts'

const proseShare = 0.04

/** One document, of training families and words alone, as passages to be joined. */
export function trainingDocument(random: Random, lesson: Lesson = 'all'): readonly Passage[] {
  const family = lessonFamily(lesson, random)
  if (family !== undefined) return listDocument(random, () => [family], false)
  if (lesson === 'wide') return wideDocument(random)
  return random.next() < proseShare ? [{ text: prose(random), weight: 1 }] : listDocument(random, trainingDesk, true)
}

/** Long ones of one small house, with as many examples as a row has room for. */
function wideDocument(random: Random): readonly Passage[] {
  const families = wideDesk(random, false)
  const form = random.next()
  if (form < 0.4) {
    const listed = examplesOf(families, 6 + random.below(9), chance(random, 0.5), random, wideRoom)
    return taskList(listed, line(random, promptTexts.instructions))
  }
  if (form < 0.87) {
    return exampleList(
      examplesOf(families, 5 + random.below(9), false, random, wideRoom),
      line(random, promptTexts.responses),
    )
  }
  return chat(examplesOf(families, 4 + random.below(6), false, random, wideRoom))
}

/** The same shapes with held-out families: its loss says how well examples are followed, not what is known. */
export function heldOutDocument(random: Random): readonly Passage[] {
  return listDocument(random, heldOutDesk, false)
}

/** `singles`: some chats are one message alone. Only settled houses have an answer to it that can be known. */
function listDocument(random: Random, desk: Desk, singles: boolean): readonly Passage[] {
  const form = random.next()
  const single = singles && form >= 0.85 && form < 0.92
  const families = desk(random, single)
  if (form < 0.3) {
    return taskList(examplesOf(families, 3 + random.below(10), true, random), line(random, promptTexts.instructions))
  }
  if (form < 0.85) {
    return exampleList(examplesOf(families, 2 + random.below(11), false, random), line(random, promptTexts.responses))
  }
  return chat(examplesOf(families, single ? 1 : 2 + random.below(5), false, random))
}

/** The program's own line before a list, another one or none: its user can set it. */
function line(random: Random, own: string): string {
  const kind = random.below(10)
  return kind < 5 ? own : kind < 8 ? pick(random, trainLines) : ''
}
