/**
 * What the model is asked, in our own words: the wording was chosen because it was measured to work on small models
 * (docs/log.md). Everything that writes or reads a prompt's layout is here.
 */
import type { Example } from '../data/example.ts'
import type { Prompt } from '../engine/contract.ts'

/** The lines before the demonstrations; a user can replace them. */
export interface PromptTexts {
  readonly instructions: string
  readonly responses: string
}

export const promptTexts: PromptTexts = {
  instructions: 'Here is a list of requests that came in at the same desk. Each one is about something else.',
  responses: 'Each request below is followed by the reply that the desk gave to it.',
}

/** Phase A: demonstrations as a numbered list whose next item is to be written. */
export function instructionPrompt(demonstrations: readonly string[], texts: PromptTexts): string {
  return `${texts.instructions}\n\n${taskList(demonstrations)}Task ${demonstrations.length + 1}:`
}

export function taskList(tasks: readonly string[]): string {
  return tasks.map((task, i) => `Task ${i + 1}: ${oneLine(task)}\n`).join('')
}

export const instructionStops = ['\n']

/** Phase B: whole examples, then the new task; the model writes what follows it. */
export function responsePrompt(
  demonstrations: readonly Example[],
  task: Pick<Example, 'instruction' | 'input'>,
  texts: PromptTexts,
): string {
  return [texts.responses, ...demonstrations.map(exampleLayout), `${taskLines(task)}\n`].join('\n\n')
}

export const responseStops = ['\n\n', '\nTask:']

/** What the model wrote after `responsePrompt`; undefined where the output's label is missing. */
export function parseResponse(text: string): { input?: string; response: string } | undefined {
  const match = /^\s*(?:Input:([\s\S]*?)\n\s*)?Output:([\s\S]*)$/.exec(text)
  if (match === null) return undefined
  const [input, response = ''] = [match[1]?.trim(), match[2]?.trim()]
  return input === undefined || input === '' ? { response } : { input, response }
}

/** A demonstration of phase B. */
export function exampleLayout(example: Example): string {
  return `${taskLines(example)}\nOutput: ${noBlankLines(example.response)}`
}

function taskLines({ instruction, input }: Pick<Example, 'instruction' | 'input'>): string {
  const lines = `Task: ${oneLine(instruction)}`
  return input === undefined ? lines : `${lines}\nInput: ${noBlankLines(input)}`
}

/** As it is trained and scored: through the model's chat template, or in the plain layout of Alpaca. */
export function trainingPrompt({ instruction, input }: Pick<Example, 'instruction' | 'input'>, chat: boolean): Prompt {
  const task = input === undefined ? instruction : `${instruction}\n\n${input}`
  return chat ? [{ role: 'user', content: task }] : `### Instruction:\n${task}\n\n### Response:\n`
}

export function oneLine(text: string): string {
  return text.replace(/\s+/g, ' ').trim().replace(/:$/, '')
}

/** A blank line ends an example. */
function noBlankLines(text: string): string {
  return text.trim().replace(/\n\s*\n/g, '\n')
}
