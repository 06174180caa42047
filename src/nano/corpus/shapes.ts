/**
 * The shapes that the model will be prompted with: lists of tasks, lists of examples, chats. They are those of
 * src/fedpit/prompts.ts and of the model's chat template; this layer lies below both, and a test holds them together.
 */
import type { Example } from '../../data/example.ts'

/** The program's own lines before a list. */
export const ownLines = {
  instructions: 'Here is a list of requests that came in at the same desk. Each one is about something else.',
  responses: 'Each request below is followed by the reply that the desk gave to it.',
}

/** What phase A continues: instructions, or inputs where all share one instruction, as self-generation lists them. */
export function taskList(examples: readonly Example[], line: string): string {
  return `${line}\n\n${examples.map(({ instruction, input }, i) => `Task ${i + 1}: ${input ?? instruction}\n`).join('')}`
}

/** What phase B continues. */
export function exampleList(examples: readonly Example[], line: string): string {
  const items = examples.map(({ instruction, input, response }) =>
    [`Task: ${instruction}`, ...(input === undefined ? [] : [`Input: ${input}`]), `Output: ${response}`].join('\n'),
  )
  return [line, ...items, ''].join('\n\n')
}

/** ChatML, as the model's chat template renders it. */
export function chat(examples: readonly Example[]): string {
  return examples
    .flatMap(({ instruction, input, response }) => [
      ['user', input === undefined ? instruction : `${instruction}\n\n${input}`],
      ['assistant', response],
    ])
    .map(([role, content]) => `<|im_start|>${role}\n${content}<|im_end|>\n`)
    .join('')
}
