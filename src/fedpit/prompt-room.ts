/** How much a prompt may hold: the model's context less what stands around the demonstrations and what is to be written. */
import type { Engine } from '../engine/contract.ts'
import type { FedPitSettings } from './hyper-parameters.ts'
import { instructionPrompt, responsePrompt } from './prompts.ts'
import { fieldsOf, type Task, type TaskGroup } from './task-groups.ts'

/** Tokens, for the prompts about one group. */
export interface PromptRoom {
  /** That the demonstrations of a prompt may take together: tasks in phase A, whole examples in phase B. */
  readonly tasks: number
  readonly examples: number
  /** That a new task may have. */
  readonly written: number
}

export interface PromptRoomParts {
  readonly engine: Pick<Engine, 'tokenize'>
  readonly settings: FedPitSettings
  /** Of the model. */
  readonly maxPositions: number
  readonly signal?: AbortSignal
}

/** Of the model's positions, the most that one new input may have. */
const inputShare = 0.25

export async function promptRooms(
  tasks: readonly Task[],
  groups: readonly TaskGroup[],
  { engine, settings, maxPositions, signal }: PromptRoomParts,
): Promise<ReadonlyMap<TaskGroup, PromptRoom>> {
  const { prompts, instructionTokens, responseTokens, demonstrationTokens } = settings
  const lengthsOf = async (texts: readonly string[]): Promise<number[]> =>
    (await engine.tokenize(texts, signal)).map(({ length }) => length)
  const lengths = await lengthsOf(tasks.map(({ text }) => text))
  const [list = 0, ...answers] = await lengthsOf([
    instructionPrompt([], prompts),
    ...groups.map(({ shared }) => responsePrompt([], fieldsOf({ ...shared, text: '' }), prompts)),
  ])
  const besides = (tokens: number): number => Math.max(0, Math.min(demonstrationTokens, maxPositions - tokens))
  /** An instruction is a line; an input may be a document, as long as the peer's own. */
  const writtenIn = ({ places, shared }: TaskGroup): number => {
    const longest = Math.max(...places.map((place) => lengths[place] as number))
    const most = Math.min(longest, Math.floor(maxPositions * inputShare))
    return shared.under === undefined ? instructionTokens : Math.max(instructionTokens, most)
  }
  return new Map(
    groups.map((group, i) => {
      const written = writtenIn(group)
      const examples = besides((answers[i] as number) + written + responseTokens)
      return [group, { tasks: besides(list + written), examples, written }]
    }),
  )
}
