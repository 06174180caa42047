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

/** One try: a new task that the family's grammar reads, or a task that was in the list already, or neither. */
export interface Continued {
  readonly kind: string
  readonly valid: boolean
  readonly copied: boolean
}

export function continuationShares(tries: readonly Continued[]): { valid: number; copied: number; tries: number } {
  return {
    valid: share(tries, ({ valid }) => valid),
    copied: share(tries, ({ copied }) => copied),
    tries: tries.length,
  }
}

/** What self-generation asks for, sampled as it samples: the ninth task of a list of eight. */
export async function continuation(
  engine: Asked,
  families: readonly Family[],
  triesEach: number,
  random: Random,
): Promise<Continued[]> {
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
  return tries.map(({ family, listed, instruction }, i) => {
    const written = oneLine(completions[i]?.text ?? '')
    const task = family.varies === 'input' ? { instruction, input: written } : { instruction: written }
    const copied = listed.map(oneLine).includes(written)
    return { kind: family.kind, valid: !copied && family.answer(task) !== undefined, copied }
  })
}

/** One task: was its response right, without demonstrations and with eight? */
export interface Answered {
  readonly kind: string
  readonly shots0: boolean
  readonly shots8: boolean
}

export function accuracyShares(answered: readonly Answered[]): { shots0: number; shots8: number } {
  return { shots0: share(answered, ({ shots0 }) => shots0), shots8: share(answered, ({ shots8 }) => shots8) }
}

/** Greedy responses to new tasks, right letter by letter. */
export async function accuracy(
  engine: Asked,
  families: readonly Family[],
  tasksEach: number,
  random: Random,
): Promise<Answered[]> {
  const asked = families.flatMap((family) =>
    Array.from({ length: tasksEach }, () => {
      const drawn = drawExamples([family], shots + 1, random)
      return { kind: family.kind, demonstrations: drawn.slice(0, -1), task: drawn.at(-1) }
    }),
  )
  const right = async (shown: boolean): Promise<boolean[]> => {
    const prompts = asked.map(({ demonstrations, task }) =>
      responsePrompt(shown ? demonstrations : [], task ?? { instruction: '' }, promptTexts),
    )
    const answers = await greedy(engine, prompts, responseStops)
    return answers.map((answer, i) => parseResponse(answer)?.response === asked[i]?.task?.response)
  }
  const [shots0, shots8] = [await right(false), await right(true)]
  return asked.map(({ kind }, i) => ({ kind, shots0: shots0[i] === true, shots8: shots8[i] === true }))
}

function share<T>(items: readonly T[], is: (item: T) => boolean): number {
  return items.filter(is).length / items.length
}
