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
const askedWeight = 0.1

/** What phase A continues: instructions, or inputs where all share one instruction, as self-generation lists them. */
export function taskList(examples: readonly Example[], line: string): Passage[] {
  const text = `${line}\n\n${listed(examples.map(({ instruction, input }) => input ?? instruction))}`
  return [{ text, weight: 1 }]
}

/** What phase B continues. */
export function exampleList(examples: readonly Example[], line: string): Passage[] {
  const items = examples.flatMap((example) => {
    const layout = exampleLayout(example)
    const answer = layout.lastIndexOf('\nOutput:')
    return [
      { text: layout.slice(0, answer), weight: askedWeight },
      { text: `${layout.slice(answer)}\n\n`, weight: 1 },
    ]
  })
  return [{ text: `${line}\n\n`, weight: askedWeight }, ...items]
}

/** ChatML, as the model's chat template renders it. */
export function chat(examples: readonly Example[]): Passage[] {
  return examples.flatMap(({ instruction, input, response }) => [
    {
      text: `<|im_start|>user\n${input === undefined ? instruction : `${instruction}\n\n${input}`}<|im_end|>\n`,
      weight: askedWeight,
    },
    { text: `<|im_start|>assistant\n${response}<|im_end|>\n`, weight: 1 },
  ])
}
