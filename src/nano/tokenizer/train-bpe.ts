/** Texts -> a byte-level BPE tokenizer, in the form of tokenizer.json that Hugging Face's libraries read. */
import { inputError } from '../../core/errors.ts'
import type { TokenizerFiles } from '../../tokenizer/tokenizer-files.ts'
import { learnMerges, type Word } from './merges.ts'
import { byteCharacters, cut, preTokenizer } from './words.ts'

const endOfText = '<|endoftext|>'
const turnStart = '<|im_start|>'
const turnEnd = '<|im_end|>'
/** Their ids are their places. They are no text: training cuts at them and learns nothing from their letters. */
const specials = [endOfText, turnStart, turnEnd]
const specialsPattern = /<\|(?:endoftext|im_start|im_end)\|>/

/** ChatML. Nothing is added that is not in the messages. */
const chatTemplate =
  "{% for message in messages %}{{ '<|im_start|>' + message['role'] + '\\n' + message['content'] + '<|im_end|>' + '\\n' }}{% endfor %}" +
  "{% if add_generation_prompt %}{{ '<|im_start|>assistant\\n' }}{% endif %}"

/**
 * `vocabulary` tokens exactly: the special ones, the 256 bytes in the order of their characters, and the merges in the
 * order in which they were learned. The same texts in any order give the same tokenizer.
 */
export function trainBytePairs(texts: Iterable<string>, vocabulary: number): TokenizerFiles {
  const tokens = [...specials, ...[...byteCharacters].sort()]
  const base = tokens.length
  if (!Number.isInteger(vocabulary) || vocabulary < base || vocabulary > 1_000_000) {
    throw inputError(
      'tokenizer.vocabulary',
      `Cannot train a tokenizer: expected a vocabulary of ${base} to 1000000 tokens, got ${vocabulary}`,
    )
  }
  const ids = new Map(tokens.map((token, id) => [token, id]))
  const pairs = learnMerges(readWords(texts, ids), base, vocabulary - base)
  if (base + pairs.length < vocabulary) {
    throw inputError(
      'tokenizer.corpus',
      `Cannot train a tokenizer: expected texts with enough pairs for ${vocabulary} tokens, got enough for ${base + pairs.length}`,
    )
  }
  const merges = pairs.map(([left, right]) => {
    tokens.push(`${tokens[left]}${tokens[right]}`)
    return `${tokens[left]} ${tokens[right]}`
  })
  return {
    tokenizer: {
      version: '1.0',
      truncation: null,
      padding: null,
      added_tokens: specials.map((content, id) => ({ id, content, ...asItStands, special: true })),
      normalizer: null,
      pre_tokenizer: preTokenizer,
      post_processor: null,
      decoder: { type: 'ByteLevel', add_prefix_space: true, trim_offsets: true, use_regex: true },
      model: {
        type: 'BPE',
        dropout: null,
        unk_token: null,
        continuing_subword_prefix: null,
        end_of_word_suffix: null,
        fuse_unk: false,
        byte_fallback: false,
        ignore_merges: false,
        vocab: Object.fromEntries(tokens.map((token, id) => [token, id])),
        merges,
      },
    },
    config: {
      tokenizer_class: 'PreTrainedTokenizerFast',
      bos_token: endOfText,
      eos_token: turnEnd,
      pad_token: endOfText,
      clean_up_tokenization_spaces: false,
    },
    bos: specials.indexOf(endOfText),
    // A turn's end comes first: it is what stands after a response in a chat.
    ends: [specials.indexOf(turnEnd), specials.indexOf(endOfText)],
    chatTemplate,
  }
}

const asItStands = { single_word: false, lstrip: false, rstrip: false, normalized: false }

/** Every different word once, as the ids of its bytes, with its count. */
function readWords(texts: Iterable<string>, ids: ReadonlyMap<string, number>): Word[] {
  const counts = new Map<string, number>()
  for (const text of texts) {
    for (const part of text.split(specialsPattern)) {
      for (const word of cut(part)) counts.set(word, (counts.get(word) ?? 0) + 1)
    }
  }
  const symbols = byteCharacters.map((character) => ids.get(character) as number)
  return [...counts].map(([word, count]) => ({
    symbols: Array.from(Buffer.from(word), (b) => symbols[b] as number),
    count,
  }))
}
