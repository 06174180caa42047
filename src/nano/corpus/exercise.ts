/** Exercises in what self-generation asks for: a list of tasks to go on with, and a judge who knows its grammar. */
import type { Random } from '../../core/random.ts'
import { instructionPrompt, oneLine, promptTexts } from '../../fedpit/prompts.ts'
import { examplesOf, practiceDesk, taskText } from './desk.ts'
import { openingLine } from './documents.ts'
import { chance } from './draw.ts'
import { furthest } from './marks.ts'

export interface Exercise {
  readonly prompt: string
  judge(line: string): Judgement
}

export interface Judgement {
  /** A new task of the list's family, one that stands in the list, or none at all. */
  readonly verdict: 'right' | 'copied' | 'wrong'
  /** See marks.ts. */
  readonly marks: string
}

/** As long as lists are in training. */
const room = { least: 600, most: 2000 }

/** Of five to nine tasks; few families have only four to show. Training families and words alone. */
export function drawExercise(random: Random): Exercise {
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
      judge: (line) => ({
        verdict: listed.includes(line) ? 'copied' : isTask(line) ? 'right' : 'wrong',
        marks: furthest(families.map(({ marks }) => marks(line))),
      }),
    }
  }
}
