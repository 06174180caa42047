/**
 * Text <-> token ids, and chats -> text, over Hugging Face's tokenizer and chat-template libraries.
 *
 * Text that users or peers wrote never becomes a special token: `encode` reads `<|im_end|>` as ordinary characters
 * unless `special` says otherwise, and `encodeChat` keeps what stands inside a message ordinary.
 */
import { randomUUID } from 'node:crypto'
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { inputError } from '../core/errors.ts'
import { type ChatMessage, createChatTemplate } from './chat-template.ts'
import { createStream, type TokenStream } from './token-stream.ts'

export interface Tokenizer {
  readonly vocabSize: number
  readonly bos: number | undefined
  /** Ids that end a completion: end of turn, end of text. */
  readonly ends: readonly number[]
  /** What stands after a response: the first of `ends`. */
  readonly end: number
  readonly hasChatTemplate: boolean
  /** Nothing is added at either end. */
  encode(text: string, options?: { special?: boolean }): number[]
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string
  renderChat(messages: readonly ChatMessage[], options: { generationPrompt: boolean }): string
  encodeChat(messages: readonly ChatMessage[], options: { generationPrompt: boolean }): number[]
  /** Ids one by one -> text as soon as its characters are whole. */
  stream(): TokenStream
}

/** tokenizer.json and tokenizer_config.json, parsed, and what generation_config.json or GGUF says of the ends. */
export interface TokenizerFiles {
  readonly tokenizer: TokenizerJson
  readonly config: Readonly<Record<string, unknown>>
  readonly bos: number | undefined
  readonly ends: readonly number[]
  readonly chatTemplate: string | undefined
}

export interface TokenizerJson {
  readonly added_tokens?: readonly { readonly id: number; readonly content: string; readonly special: boolean }[]
  readonly pre_tokenizer?: unknown
  readonly [key: string]: unknown
}

export function createTokenizer({ tokenizer, config, bos, ends, chatTemplate }: TokenizerFiles): Tokenizer {
  const json = { ...tokenizer, pre_tokenizer: unicodeDigits(tokenizer.pre_tokenizer) }
  const added = tokenizer.added_tokens ?? []
  const hidden = hideSpecial(added)
  const withSpecial = new Library(json, config)
  const ordinary = new Library({ ...json, added_tokens: hidden.tokens }, config)
  const template = chatTemplate === undefined ? undefined : createChatTemplate(chatTemplate, config)
  const specials = added.filter((token) => token.special).map((token) => token.content)
  const [end] = ends
  if (end === undefined) {
    throw inputError(
      'tokenizer.no-end',
      'Cannot use a tokenizer without an end-of-sequence token: expected eos_token, got none',
    )
  }

  const encode: Tokenizer['encode'] = (text, { special = false } = {}) =>
    text === '' ? [] : (special ? withSpecial : ordinary).encode(text, { add_special_tokens: false }).ids
  const decode: Tokenizer['decode'] = (ids, { skipSpecial = false } = {}) =>
    ids.length === 0
      ? ''
      : withSpecial.decode([...ids], { skip_special_tokens: skipSpecial, clean_up_tokenization_spaces: false })
  const renderChat: Tokenizer['renderChat'] = (messages, { generationPrompt }) => {
    if (template === undefined) {
      throw inputError(
        'tokenizer.no-template',
        'Cannot render a chat: expected a model with a chat template, got one without',
      )
    }
    return template(messages, generationPrompt)
  }
  return {
    vocabSize: withSpecial.get_vocab(true).size,
    bos,
    ends,
    end,
    hasChatTemplate: template !== undefined,
    encode,
    decode,
    renderChat,
    encodeChat: (messages, options) => {
      const suspicious = messages.some(({ content }) => specials.some((token) => content.includes(token)))
      if (!suspicious) return encode(renderChat(messages, options), { special: true })
      return encode(guarded(messages, (marked) => renderChat(marked, options), hidden.hide))
    },
    stream: () => createStream(decode),
  }
}

/**
 * Special tokens under names that nobody can guess: where a text is encoded with these, only what `hide` has renamed
 * becomes a special token.
 */
function hideSpecial<T extends { readonly id: number; readonly content: string; readonly special: boolean }>(
  added: readonly T[],
) {
  const secret = randomUUID()
  const tokens = added.map((token) => (token.special ? { ...token, content: `<${secret} ${token.id}>` } : token))
  const names = new Map(added.map(({ content }, i) => [content, tokens[i]?.content ?? content]))
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length)
  const any = new RegExp(longestFirst.map((content) => content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  return { tokens, hide: (text: string): string => text.replace(any, (content) => names.get(content) ?? content) }
}

/**
 * A chat whose messages contain the text of special tokens: rendered with a mark in the place of each content, so that
 * what the template wrote can be hidden and what a user wrote stays as it is. The whole is one text again, since many
 * tokenizers treat the beginning of a text apart.
 */
function guarded(
  messages: readonly ChatMessage[],
  render: (messages: readonly ChatMessage[]) => string,
  hide: (text: string) => string,
): string {
  // Private-use characters; a template passes them through.
  const mark = (index: number) => `\uE0F0${index}\uE0F1`
  const rendered = render(messages.map((message, i) => ({ ...message, content: mark(i) })))
  const pieces = rendered.split(/(\uE0F0\d+\uE0F1)/)
  return pieces
    .map((piece, i) => (i % 2 === 0 ? hide(piece) : (messages[Number(piece.slice(1, -1))]?.content ?? '')))
    .join('')
}

/**
 * The library reads the pre-tokenizer `Digits` as ASCII digits; the reference (Rust) means every Unicode number. The
 * same rule said with \p{N} gives the reference's ids.
 */
function unicodeDigits(node: unknown): unknown {
  if (typeof node !== 'object' || node === null) return node
  const { type, pretokenizers, individual_digits: individual } = node as Record<string, unknown>
  if (type === 'Sequence' && Array.isArray(pretokenizers)) {
    return { type, pretokenizers: pretokenizers.map(unicodeDigits) }
  }
  if (type !== 'Digits') return node
  const pattern = { Regex: individual === true ? '\\p{N}' : '\\p{N}+' }
  return { type: 'Split', pattern, behavior: 'Isolated', invert: false }
}
