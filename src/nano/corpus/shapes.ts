/** The shapes that the model will be prompted with: lists of tasks, lists of examples, chats. */
import type { Example } from '../../data/example.ts'
import { exampleLayout, taskList as listed } from '../../fedpit/prompts.ts'

/** What phase A continues: instructions, or inputs where all share one instruction, as self-generation lists them. */
export function taskList(examples: readonly Example[], line: string): string {
  return `${line}\n\n${listed(examples.map(({ instruction, input }) => input ?? instruction))}`
}

/** What phase B continues. */
export function exampleList(examples: readonly Example[], line: string): string {
  return [line, ...examples.map(exampleLayout), ''].join('\n\n')
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
