/** The tokenizer that a GGUF file carries in its metadata, in the form of tokenizer.json. */
import type { Gguf } from '../model/gguf/read.ts'
import { byteLevelBpe } from './gguf/byte-level.ts'
import { tokenizerMetadata } from './gguf/metadata.ts'
import { sentencePieceBpe } from './gguf/sentencepiece.ts'
import type { TokenizerFiles } from './tokenizer-files.ts'

/** By `tokenizer.ggml.model`. */
const models = new Map([
  ['gpt2', byteLevelBpe],
  ['llama', sentencePieceBpe],
])

export function tokenizerFromGguf(gguf: Gguf): TokenizerFiles {
  const metadata = tokenizerMetadata(gguf)
  const name = metadata.text('ggml.model')
  const build = models.get(name ?? '')
  if (build === undefined) {
    const known = 'gpt2 (byte-level BPE) or llama (SentencePiece BPE); for others give the Hugging Face directory'
    throw metadata.fail('ggml.model', known, name)
  }
  const tokens = metadata.texts('ggml.tokens')
  const id = (key: string) => metadata.id(key, tokens.length)
  const bos = id('ggml.bos_token_id')
  const eos = id('ggml.eos_token_id')
  const endOfText = tokens.indexOf('<|endoftext|>')
  const ends = [id('ggml.eot_token_id'), eos, endOfText < 0 ? undefined : endOfText].filter((x) => x !== undefined)
  return {
    tokenizer: build(metadata, tokens),
    config: {
      bos_token: tokens[bos ?? -1],
      eos_token: tokens[eos ?? -1],
      // llama.cpp (src/llama-vocab.cpp) takes SentencePiece's and Llama 3's for true where the file does not say.
      add_bos_token:
        metadata.flag('ggml.add_bos_token') ?? (name === 'llama' || metadata.text('ggml.pre') === 'llama-bpe'),
    },
    bos,
    ends: [...new Set(ends)],
    chatTemplate: metadata.text('chat_template'),
  }
}
