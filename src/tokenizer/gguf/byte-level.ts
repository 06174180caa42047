/** `tokenizer.ggml.model` = gpt2: byte-level BPE, whose merges the file lists. */
import type { TokenizerJson } from '../tokenizer-files.ts'
import type { TokenizerMetadata } from './metadata.ts'
import { addedTokens, tokenType } from './token-type.ts'

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

export function byteLevelBpe(metadata: TokenizerMetadata, tokens: readonly string[]): TokenizerJson {
  const pre = metadata.text('ggml.pre') ?? 'default'
  if (!Object.hasOwn(preTokenizers, pre)) {
    throw metadata.fail('ggml.pre', `one of ${Object.keys(preTokenizers).join(', ')}`, pre)
  }
  const types = metadata.numbers('ggml.token_type', tokens.length)
  return {
    version: '1.0',
    added_tokens: addedTokens(tokens, types, [tokenType.control]),
    normalizer: pre === 'qwen2' ? { type: 'NFC' } : null,
    pre_tokenizer: preTokenizers[pre],
    post_processor: null,
    decoder: { ...byteLevel(true), add_prefix_space: true },
    model: {
      type: 'BPE',
      byte_fallback: false,
      ignore_merges: pre === 'llama-bpe',
      vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
      merges: metadata.texts('ggml.merges'),
    },
  }
}
