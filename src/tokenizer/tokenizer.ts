/**
 * Text <-> token ids, and chats -> text, over Hugging Face's tokenizer and chat-template libraries.
 *
 * Text that users or peers wrote never becomes a special token: `encode` reads `<|im_end|>` as ordinary characters
 * unless `special` says otherwise, and `encodeChat` keeps what stands inside a message ordinary.
 */
import { Tokenizer as Library } from '@huggingface/tokenizers'
import { inputError } from '../core/errors.ts'
import { type ChatMessage, createChatTemplate } from './chat-template.ts'
import { hideSpecial } from './hide-special.ts'
import { createStream, type TokenStream } from './token-stream.ts'
import type { TokenizerFiles } from './tokenizer-files.ts'

export interface Tokenizer {
  readonly vocabSize: number
  readonly bos: number | undefined
  /** Ids that end a completion: end of turn, end of text. */
  readonly ends: readonly number[]
  /** What stands after a response: the first of `ends`. */
  readonly end: number
  readonly hasChatTemplate: boolean
  /** What stands before plain text: BOS where the model expects one, else nothing. A chat's template says it itself. */
  readonly begin: readonly number[]
  /** Nothing is added at either end. */
  encode(text: string, options?: { special?: boolean }): number[]
  decode(ids: readonly number[], options?: { skipSpecial?: boolean }): string
  renderChat(messages: readonly ChatMessage[], options: { generationPrompt: boolean }): string
  encodeChat(messages: readonly ChatMessage[], options: { generationPrompt: boolean }): number[]
  /** Ids one by one -> text as soon as its characters are whole. */
  stream(): TokenStream
}

export function createTokenizer({ tokenizer, config, bos, ends, chatTemplate }: TokenizerFiles): Tokenizer {
  const json = { ...tokenizer, pre_tokenizer: unicodeDigits(tokenizer.pre_tokenizer) }
  const hidden = hideSpecial(json, config)
  const withSpecial = new Library(json, config)
  const ordinary = new Library(hidden.tokenizer, hidden.config)
  const template = chatTemplate === undefined ? undefined : createChatTemplate(chatTemplate, config)
  const [end] = ends
  if (end === undefined) {
    throw inputError(
      'tokenizer.no-end',
      'Cannot use a tokenizer without an end-of-sequence token: expected eos_token, got none',
    )
  }

  const encode: Tokenizer['encode'] = (text, { special = false } = {}) =>
    text === '' ? [] : (special ? withSpecial : ordinary).encode(text, { add_special_tokens: false }).ids
  const specials = (tokenizer.added_tokens ?? []).filter(({ special }) => special).map(({ content }) => content)
  /** Also of a text that becomes a special token's when it is normalised, such as \uFF1C/s\uFF1E under NFKC. */
  const isSuspicious = (text: string): boolean =>
    specials.some((token) => text.includes(token)) || encode(text).join() !== encode(text, { special: true }).join()
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
    begin: bos !== undefined && addsBos(withSpecial, bos, config) ? [bos] : [],
    encode,
    decode,
    renderChat,
    encodeChat: (messages, options) => {
      const suspicious = messages.some(({ content }) => isSuspicious(content))
      if (!suspicious) return encode(renderChat(messages, options), { special: true })
      return encode(guarded(messages, (marked) => renderChat(marked, options), hidden.hide))
    },
    stream: () => createStream(decode),
  }
}

/** Said in tokenizer_config.json; where it is silent, the post-processor puts BOS before a text or does not. */
function addsBos(library: Library, bos: number, config: TokenizerFiles['config']): boolean {
  const said = config['add_bos_token']
  // Not of an empty text: what stands after a text may be the same token.
  return typeof said === 'boolean' ? said : library.encode('a', { add_special_tokens: true }).ids[0] === bos
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
