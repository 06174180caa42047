/** One record of a data file -> an example. Alpaca, Dolly and chat records are recognised by their fields. */
import { z } from 'zod'
import type { Example } from './example.ts'

/** Longer texts are refused: no supported model could read them whole. */
const maxCharacters = 100_000

const text = z.string().max(maxCharacters)

/** Alpaca says input and output, Dolly context and response; the rest of a record is ignored. */
const instructionRecord = z.looseObject({
  instruction: text,
  input: text.nullish(),
  context: text.nullish(),
  output: text.nullish(),
  response: text.nullish(),
})

const chatRecord = z.looseObject({
  messages: z.array(z.looseObject({ role: z.string(), content: text })).max(1000),
})

/** An example, or in words what is wrong with the record. */
export function recognise(record: unknown): Example | string {
  const chat = chatRecord.safeParse(record)
  if (chat.success) return fromMessages(chat.data.messages)
  const parsed = instructionRecord.safeParse(record)
  if (!parsed.success) {
    const issue = parsed.error.issues[0]
    const at = issue?.path.join('.') ?? ''
    return `expected instruction and output (or response), or messages; ${at === '' ? '' : `${at}: `}${issue?.message ?? ''}`
  }
  const { instruction, input, context, output, response } = parsed.data
  return example(instruction, input ?? context ?? '', response ?? output ?? '')
}

/** The first question and its answer; what the system message asks stands before the question. */
function fromMessages(messages: readonly { role: string; content: string }[]): Example | string {
  const user = messages.findIndex(({ role }) => role === 'user')
  const answer = messages.find(({ role }, i) => role === 'assistant' && i > user)
  const question = messages[user]
  if (question === undefined || answer === undefined) return 'expected a user message and an assistant message after it'
  const system = messages.find(({ role }, i) => role === 'system' && i < user)
  const instruction = system === undefined ? question.content : system.content
  return example(instruction, system === undefined ? '' : question.content, answer.content)
}

function example(rawInstruction: string, rawInput: string, rawResponse: string): Example | string {
  const [instruction, input, response] = [rawInstruction.trim(), rawInput.trim(), rawResponse.trim()]
  if (instruction === '') return 'expected an instruction, got an empty one'
  if (response === '') return 'expected a response, got an empty one'
  return input === '' ? { instruction, response } : { instruction, input, response }
}
