/** The tokenizer that a GGUF file carries in its metadata, in the form of tokenizer.json. */
import { inputError } from '../core/errors.ts'
import type { Gguf, GgufValue } from '../model/gguf/read.ts'
import type { TokenizerFiles, TokenizerJson } from './tokenizer.ts'

/** `tokenizer.ggml.token_type`: 3 control, 4 user defined (llama.cpp, llama.h). */
const control = 3
const userDefined = 4

const byteLevel = (useRegex: boolean) => ({
  type: 'ByteLevel',
  add_prefix_space: false,
  trim_offsets: true,
  use_regex: useRegex,
})
const splitThenBytes = (regex: string) => ({
  type: 'Sequence',
  pretokenizers: [{ type: 'Split', pattern: { Regex: regex }, behavior: 'Isolated', invert: false }, byteLevel(false)],
})
const words = (digits: string) =>
  `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|${digits}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+`

/** `tokenizer.ggml.pre` names how text is cut before byte pairs are merged. */
const preTokenizers: Readonly<Record<string, unknown>> = {
  'gpt-2': byteLevel(true),
  default: byteLevel(true),
  smollm: { type: 'Sequence', pretokenizers: [{ type: 'Digits', individual_digits: true }, byteLevel(true)] },
  'llama-bpe': splitThenBytes(words('\\p{N}{1,3}')),
  qwen2: splitThenBytes(words('\\p{N}')),
}

export function tokenizerFromGguf({ path, metadata }: Gguf): TokenizerFiles {
  const get = (key: string): GgufValue | undefined => metadata.get(`tokenizer.${key}`)
  const fail = (key: string, expected: string, actual: unknown) =>
    inputError(
      'tokenizer.gguf',
      `Cannot use the tokenizer of ${path}: tokenizer.${key}: expected ${expected}, got ${String(actual).slice(0, 80)}`,
      { path, key },
    )
  const strings = (key: string): string[] => {
    const value = get(key)
    if (Array.isArray(value) && value.every((item): item is string => typeof item === 'string')) return value
    throw fail(key, 'a list of strings', typeof value)
  }
  if (get('ggml.model') !== 'gpt2') {
    throw fail('ggml.model', 'gpt2 (byte-level BPE; for others give the Hugging Face directory)', get('ggml.model'))
  }
  const pre = String(get('ggml.pre') ?? 'default')
  if (preTokenizers[pre] === undefined) throw fail('ggml.pre', `one of ${Object.keys(preTokenizers).join(', ')}`, pre)

  const tokens = strings('ggml.tokens')
  const types = get('ggml.token_type')
  if (!Array.isArray(types)) throw fail('ggml.token_type', 'a list of numbers', typeof types)
  const id = (key: string): number | undefined => {
    const value = get(key)
    if (value === undefined) return undefined
    if (typeof value !== 'number' || tokens[value] === undefined) throw fail(key, `an id below ${tokens.length}`, value)
    return value
  }
  const added = tokens
    .map((content, index) => ({ ...plain, content, id: index, special: types[index] === control }))
    .filter(({ id: index }) => types[index] === control || types[index] === userDefined)
  const bos = id('ggml.bos_token_id')
  const eos = id('ggml.eos_token_id')
  const endOfText = tokens.indexOf('<|endoftext|>')
  const ends = [id('ggml.eot_token_id'), eos, endOfText < 0 ? undefined : endOfText].filter((x) => x !== undefined)
  const template = get('chat_template')
  const tokenizer: TokenizerJson = {
    version: '1.0',
    added_tokens: added,
    normalizer: pre === 'qwen2' ? { type: 'NFC' } : null,
    pre_tokenizer: preTokenizers[pre],
    post_processor: null,
    decoder: { ...byteLevel(true), add_prefix_space: true },
    model: {
      type: 'BPE',
      byte_fallback: false,
      ignore_merges: pre === 'llama-bpe',
      vocab: Object.fromEntries(tokens.map((token, index) => [token, index])),
      merges: strings('ggml.merges'),
    },
  }
  return {
    tokenizer,
    config: { bos_token: tokens[bos ?? -1], eos_token: tokens[eos ?? -1] },
    bos,
    ends: [...new Set(ends)],
    chatTemplate: typeof template === 'string' ? template : undefined,
  }
}

/** How an added token is found: as it stands, anywhere. */
const plain = { single_word: false, lstrip: false, rstrip: false, normalized: false }
