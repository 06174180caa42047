/**
 * What phase A lists, and what a wave is about. Most private examples have instructions of their own; where several share
 * one (question answering, "Summarise this report.") it is their inputs that vary. A list is of one sort alone: of the
 * inputs under one instruction, or of instructions. Pure.
 */
import { inputError } from '../core/errors.ts'
import type { Example } from '../data/example.ts'
import { wholeText } from './filters.ts'

/** An instruction, or an input under the instruction that it shares. */
export interface Task {
  readonly text: string
  readonly under?: string
}

/** Examples whose tasks stand in one list, by their places, and what these tasks have in common. */
export interface TaskGroup {
  readonly places: readonly number[]
  readonly shared: Pick<Task, 'under'>
}

/** What a wave is about. Each call gives places of what it may show, the first to be shown first. */
export interface Theme {
  readonly group: TaskGroup
  tasks(): number[]
  /** Those of the group, then the others, so that few examples of a sort leave no prompt short of whole ones. */
  examples(): number[]
}

/** One demonstration is bad, and four are nearly as good as more (J 4.4). */
const fewest = 4

/** At least one; examples that are too few of their sort stand in none, unless all are. */
export function taskGroups(examples: readonly Example[]): TaskGroup[] {
  const places = [...examples.keys()]
  const withInput = places.filter((place) => examples[place]?.input !== undefined)
  const sharing = [...Map.groupBy(withInput, (place) => examples[place]?.instruction as string)]
    .filter(([, { length }]) => length > 1 && length >= Math.min(fewest, examples.length))
    .map(([under, sharers]): TaskGroup => ({ places: sharers, shared: { under } }))
  const taken = new Set(sharing.flatMap((group) => group.places))
  const others = places.filter((place) => !taken.has(place))
  return others.length >= fewest || sharing.length === 0 ? [...sharing, { places: others, shared: {} }] : sharing
}

/**
 * What of an example is its own, for comparing: an instruction that a group shares stands in all of its examples, and a long
 * one would make any two of them alike.
 */
export function ownText({ under }: TaskGroup['shared']): (example: Example) => string {
  return ({ instruction, input = '', response }) =>
    instruction === under ? [input, response].join('\n') : wholeText({ instruction, input, response })
}

/** What nothing that is written may be like: of each example the whole, and what is its own where that is less. */
export function originalTexts(examples: readonly Example[], groups: readonly TaskGroup[]): string[] {
  const groupOf = byPlace(groups)
  const own = examples.map((example, place) => ownText(groupOf.get(place)?.shared ?? {})(example))
  return [...new Set([...own, ...examples.map(wholeText)])]
}

/** Of each example, in its order. */
export function tasksOf(examples: readonly Example[], groups: readonly TaskGroup[]): Task[] {
  const groupOf = byPlace(groups)
  return examples.map(({ instruction, input }, place) => {
    const under = groupOf.get(place)?.shared.under
    return under === undefined || input === undefined ? { text: instruction } : { text: input, under }
  })
}

export function fieldsOf({ text, under }: Task): Pick<Example, 'instruction' | 'input'> {
  return under === undefined ? { instruction: text } : { instruction: under, input: text }
}

/**
 * Of the groups, that of an example drawn at random. `begin` draws it; what it gives puts it in front of all places, once
 * and for all, or gives others at each call. Throws `fedpit.demonstrations` where there is no group.
 */
export function createGroupThemes(groups: readonly TaskGroup[], begin: () => () => readonly number[]): () => Theme {
  if (groups.length === 0) {
    throw inputError(
      'fedpit.demonstrations',
      "Cannot show tasks to the model: expected some of one sort that fit in fedpit.demonstrationTokens and in the model's context, none do",
    )
  }
  const groupOf = byPlace(groups)
  return () => {
    for (;;) {
      const order = begin()
      const group = groupOf.get(order()[0] as number)
      if (group === undefined) continue
      const tasks = () => order().filter((place) => groupOf.get(place) === group)
      const others = () => order().filter((place) => groupOf.get(place) !== group)
      return { group, tasks, examples: () => [...tasks(), ...others()] }
    }
  }
}

function byPlace(groups: readonly TaskGroup[]): ReadonlyMap<number, TaskGroup> {
  return new Map(groups.flatMap((group) => group.places.map((place) => [place, group] as const)))
}
