/** In-context learning on families that no training document had: going on with a list, and following demonstrations. */
import type { Random } from '../../src/core/random.ts'
import {
  instructionPrompt,
  instructionStops,
  oneLine,
  parseResponse,
  promptTexts,
  responsePrompt,
  responseStops,
} from '../../src/fedpit/prompts.ts'
import type { Family } from '../../src/nano/corpus/families.ts'
import { type Asked, greedy } from './ask.ts'
import { drawExamples } from './draw-examples.ts'
import { settings } from './settings.ts'

const shots = 8

export interface Continuation {
  /** Shares of the tries: new tasks that the family's grammar reads, and tasks that were in the list already. */
  readonly valid: number
  readonly copied: number
  readonly tries: number
}

/** What self-generation asks for, sampled as it samples: the ninth task of a list of eight. */
export async function continuation(
  engine: Asked,
  families: readonly Family[],
  triesEach: number,
  random: Random,
): Promise<Continuation> {
  const tries = families.flatMap((family) =>
    Array.from({ length: triesEach }, () => {
      const shown = drawExamples([family], shots, random)
      const listed = shown.map(({ instruction, input }) => (family.varies === 'input' ? (input ?? '') : instruction))
      return { family, listed, instruction: shown[0]?.instruction ?? '' }
    }),
  )
  const completions = await engine.generate({
    prompts: tries.map(({ listed }) => instructionPrompt(listed, promptTexts)),
    sampling: {
      temperature: settings.temperature,
      topK: 0,
      topP: settings.topP,
      repetitionPenalty: 1,
      maxNewTokens: settings.instructionTokens,
      stop: instructionStops,
      seed: String(random.below(2 ** 32)),
    },
  })
  let [valid, copied] = [0, 0]
  for (const [i, { family, listed, instruction }] of tries.entries()) {
    const written = oneLine(completions[i]?.text ?? '')
    const task = family.varies === 'input' ? { instruction, input: written } : { instruction: written }
    if (listed.map(oneLine).includes(written)) copied += 1
    else if (family.answer(task) !== undefined) valid += 1
  }
  return { valid: valid / tries.length, copied: copied / tries.length, tries: tries.length }
}

export interface Accuracy {
  readonly shots0: number
  readonly shots8: number
}

/** Greedy responses to new tasks, right letter by letter, without demonstrations and with eight. */
export async function accuracy(
  engine: Asked,
  families: readonly Family[],
  tasksEach: number,
  random: Random,
): Promise<Accuracy> {
  const asked = families.flatMap((family) =>
    Array.from({ length: tasksEach }, () => {
      const drawn = drawExamples([family], shots + 1, random)
      return { demonstrations: drawn.slice(0, -1), task: drawn.at(-1) }
    }),
  )
  const right = async (shown: boolean): Promise<number> => {
    const prompts = asked.map(({ demonstrations, task }) =>
      responsePrompt(shown ? demonstrations : [], task ?? { instruction: '' }, promptTexts),
    )
    const answers = await greedy(engine, prompts, responseStops)
    return (
      answers.filter((answer, i) => parseResponse(answer)?.response === asked[i]?.task?.response).length / asked.length
    )
  }
  return { shots0: await right(false), shots8: await right(true) }
}
