/** `fedpit tokenize`: the token ids of a text or a chat, with what each stands for. */
import { addAbortSignal } from 'node:stream'
import { text as readAll } from 'node:stream/consumers'
import { z } from 'zod'
import { inputError } from '../../core/errors.ts'
import type { ChatMessage } from '../../tokenizer/chat-template.ts'
import { openTokenizer } from '../../tokenizer/open.ts'
import type { CommandContext, Register } from '../context.ts'
import { findHome, findModel } from '../home.ts'
import { addModelOption } from '../options.ts'

interface TokenizeOptions {
  readonly model: string
  readonly chat?: true
  readonly special?: true
}

const examples = `
Examples:
  fedpit tokenize "Three invoices are open."
  fedpit tokenize --chat "What is an invoice?"
  fedpit tokenize --chat '[{"role": "system", "content": "Be brief."}, {"role": "user", "content": "Hi"}]'
  fedpit tokenize --format json < letter.txt`

export const register: Register = (program, context) => {
  addModelOption(program.command('tokenize').description("show a text as the model's tokens"))
    .argument('[text]', 'left out: standard input')
    .option('--chat', "the text is a user's message, or a JSON list of messages: show it in the model's chat template")
    .option('--special', 'read special tokens in the text as such (unless given, they are ordinary characters)')
    .addHelpText('after', examples)
    .action((given: string | undefined, options: TokenizeOptions) => tokenize(given, options, context))
}

async function tokenize(given: string | undefined, options: TokenizeOptions, { output, signal }: CommandContext) {
  const tokenizer = await openTokenizer(findModel(options.model, findHome(process.env)))
  const text = given ?? (await readAll(addAbortSignal(signal, process.stdin)))
  signal.throwIfAborted()
  const chat = { generationPrompt: true }
  const messages = options.chat === true ? messagesIn(text) : undefined
  const shown = messages === undefined ? text : tokenizer.renderChat(messages, chat)
  const special = options.special === true
  const ids =
    messages === undefined || special ? tokenizer.encode(shown, { special }) : tokenizer.encodeChat(messages, chat)
  const tokens = ids.map((id) => ({ id, text: tokenizer.decode([id]) }))
  const lines = tokens.map(({ id, text: piece }) => `${String(id).padStart(7)}  ${JSON.stringify(piece)}`)
  output.result(
    { text: shown, ids, tokens },
    [...(messages === undefined ? [] : [shown, '']), ...lines, `${ids.length} tokens`].join('\n'),
  )
}

const schema = z.array(z.object({ role: z.enum(['system', 'user', 'assistant']), content: z.string() })).min(1)

/** What is no JSON list is one message of a user. */
function messagesIn(text: string): readonly ChatMessage[] {
  let json: unknown
  try {
    json = JSON.parse(text)
  } catch {
    return [{ role: 'user', content: text }]
  }
  if (!Array.isArray(json)) return [{ role: 'user', content: text }]
  const parsed = schema.safeParse(json)
  if (parsed.success) return parsed.data
  const issue = parsed.error.issues[0]
  const actual = JSON.stringify(json[Number(issue?.path[0] ?? 0)]) ?? 'an empty list'
  throw inputError(
    'tokenize.messages',
    'Cannot read the chat: expected messages {"role": "system", "user" or "assistant", "content": text}, got ' +
      actual.slice(0, 80),
  )
}
