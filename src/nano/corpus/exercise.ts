/** Exercises in what self-generation asks for, lists to go on with and tasks to answer, each with a judge who knows its grammar. */
import type { Random } from '../../core/random.ts'
import {
  instructionPrompt,
  instructionStops,
  oneLine,
  promptTexts,
  responsePrompt,
  responseStops,
} from '../../fedpit/prompts.ts'
import { examplesOf, practiceDesk, taskText } from './desk.ts'
import { openingLine } from './documents.ts'
import { chance } from './draw.ts'
import { furthest, marksOfText } from './marks.ts'

export interface Exercise {
  readonly prompt: string
  /** Where what is written ends. */
  readonly stop: readonly string[]
  /** Whether the same text, written again, is as good as a copy. */
  readonly distinct: boolean
  judge(text: string): Judgement
}

export interface Judgement {
  /** What was asked for, something that stands in the prompt where something new was asked for, or neither. */
  readonly verdict: 'right' | 'copied' | 'wrong'
  /** See marks.ts. */
  readonly marks: string
}

/** Training families and words alone. */
export type DrawExercise = (random: Random) => Exercise

/** As long as lists and examples are in training. */
const room = { least: 600, most: 2000 }

/** A list of five to nine tasks to go on with; few families have only four to show. */
export const listExercise: DrawExercise = (random) => {
  for (;;) {
    const own = random.derive(`${random.next()}`)
    const families = practiceDesk(own, false)
    const shown = examplesOf(families, 5 + own.below(5), chance(own, 0.75), own, room)
    if (shown.length < 4) continue
    const listed = shown.map((example) => oneLine(taskText(example)))
    const instruction = shown[0]?.instruction ?? ''
    const isTask = (line: string): boolean =>
      families.some(({ varies, answer }) => {
        const task = varies === 'input' ? { instruction, input: line } : { instruction: line }
        return answer(task) !== undefined
      })
    return {
      prompt: instructionPrompt(listed, { ...promptTexts, instructions: openingLine(own, promptTexts.instructions) }),
      stop: instructionStops,
      distinct: true,
      judge: (text) => {
        const line = oneLine(text)
        const blank = text.length - text.trimStart().length
        return {
          verdict: listed.includes(line) ? 'copied' : isTask(line) ? 'right' : 'wrong',
          marks: 's'.repeat(blank) + furthest(families.map(({ marks }) => marks(line))),
        }
      },
    }
  }
}

/** A task after four to eight examples. Its answer is right letter by letter: nothing in it is free. */
export const answerExercise: DrawExercise = (random) => {
  for (;;) {
    const own = random.derive(`${random.next()}`)
    const examples = examplesOf(practiceDesk(own, false), 5 + own.below(5), false, own, room)
    const task = examples.pop()
    if (task === undefined || examples.length < 4) continue
    const right = `Output: ${task.response}`
    return {
      prompt: responsePrompt(examples, task, { ...promptTexts, responses: openingLine(own, promptTexts.responses) }),
      stop: responseStops,
      distinct: false,
      judge: (text) => ({ verdict: text === right ? 'right' : 'wrong', marks: marksOfText(right, text) }),
    }
  }
}
