/** A model's own chat template (Jinja) as a function from messages to text. */
import { Template } from '@huggingface/jinja'
import { inputError } from '../core/errors.ts'

export interface ChatMessage {
  readonly role: 'system' | 'user' | 'assistant'
  readonly content: string
}

/** Longer than any published template; a template is code that somebody else wrote. */
const maxTemplateLength = 200_000

export function createChatTemplate(
  source: string,
  config: Readonly<Record<string, unknown>>,
): (messages: readonly ChatMessage[], generationPrompt: boolean) => string {
  if (source.length > maxTemplateLength) {
    throw inputError(
      'tokenizer.template',
      `Cannot use a chat template: expected at most ${maxTemplateLength} characters, got ${source.length}`,
    )
  }
  const template = new Template(source)
  const tokens = { bos_token: tokenText(config['bos_token']), eos_token: tokenText(config['eos_token']) }
  return (messages, generationPrompt) => {
    try {
      const plain = messages.map((message) => ({ ...message }))
      return template.render({ ...tokens, messages: plain, add_generation_prompt: generationPrompt })
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error)
      throw inputError(
        'tokenizer.template',
        `Cannot render a chat of ${messages.length} messages: the model's template says: ${reason}`,
      )
    }
  }
}

/** tokenizer_config.json writes a special token as text or as an object with its text in `content`. */
export function tokenText(token: unknown): string {
  if (typeof token === 'string') return token
  const content = (token as { content?: unknown } | null | undefined)?.content
  return typeof content === 'string' ? content : ''
}
