/** The shapes that the model will be prompted with: lists of tasks, lists of examples, chats. */
import type { Example } from '../../data/example.ts'
import { exampleLayout, taskList as listed } from '../../fedpit/prompts.ts'

/** A stretch of a document, and how much its tokens count in the loss. */
export interface Passage {
  readonly text: string
  readonly weight: number
}

export function textOf(passages: readonly Passage[]): string {
  return passages.map(({ text }) => text).join('')
}

/**
 * What is asked is mostly drawn by chance, and nobody can predict it; what is answered follows from it and from the
 * examples before. Learning from both alike would spend most of the gradient on the dice.
 */
const byChance = 0.1

/**
 * How much each answer counts. A house's layout and labels cannot be known from its first example, nor a word that stands
 * neither in the task nor in an earlier example. One alone is of a house that other documents know, too.
 */
function answerWeights(examples: readonly Example[]): number[] {
  const known = new Set<string>()
  return examples.map(({ instruction, input = '', response }, i) => {
    for (const word of words(`${instruction}\n${input}`)) known.add(word)
    const answer = words(response)
    const follows = examples.length === 1 || (i > 0 && answer.every((word) => known.has(word)))
    for (const word of answer) known.add(word)
    return follows ? 1 : byChance
  })
}

function words(text: string): string[] {
  return text.match(/[\p{L}\p{N}]+/gu) ?? []
}

/** What phase A continues: instructions, or inputs where all share one instruction, as self-generation lists them. */
export function taskList(examples: readonly Example[], line: string): Passage[] {
  const tasks = listed(examples.map(({ instruction, input }) => input ?? instruction)).split(/(?<=\n)/)
  const known = new Set<string>()
  return [{ text: `${line}\n\n`, weight: byChance }, ...tasks.flatMap((task) => listedTask(task, known))]
}

/**
 * A task of a list, word by word: one that stood next to its neighbour, or next but one with a gap between, in a task
 * before can be known. `known` learns the neighbours of this one.
 */
function listedTask(task: string, known: Set<string>): Passage[] {
  const parts = task.match(/\s*\S+|\s+/g) ?? []
  const neighbours = parts.map((part, i) => [
    `${parts[i - 1]?.trim()} ${part.trim()}`,
    `${parts[i - 2]?.trim()} _ ${part.trim()}`,
  ])
  const passages = parts.map((text, i) => ({
    text,
    weight: neighbours[i]?.some((pair) => known.has(pair)) ? 1 : byChance,
  }))
  for (const pair of neighbours.flat()) known.add(pair)
  return passages
}

/** What phase B continues. */
export function exampleList(examples: readonly Example[], line: string): Passage[] {
  const weights = answerWeights(examples)
  const items = examples.flatMap((example, i) => {
    const layout = exampleLayout(example)
    const answer = layout.lastIndexOf('\nOutput:')
    return [
      { text: layout.slice(0, answer), weight: byChance },
      { text: `${layout.slice(answer)}\n\n`, weight: weights[i] as number },
    ]
  })
  return [{ text: `${line}\n\n`, weight: byChance }, ...items]
}

/** ChatML, as the model's chat template renders it. */
export function chat(examples: readonly Example[]): Passage[] {
  const weights = answerWeights(examples)
  return examples.flatMap(({ instruction, input, response }, i) => [
    {
      text: `<|im_start|>user\n${input === undefined ? instruction : `${instruction}\n\n${input}`}<|im_end|>\n`,
      weight: byChance,
    },
    { text: `<|im_start|>assistant\n${response}<|im_end|>\n`, weight: weights[i] as number },
  ])
}
