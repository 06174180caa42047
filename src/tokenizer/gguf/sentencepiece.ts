/**
 * `tokenizer.ggml.model` = llama: SentencePiece BPE with byte fallback (Llama 2, TinyLlama, Mistral), in the form of the
 * tokenizer.json published with these models. llama.cpp does the same: a space before the text and after every special
 * token, then `▁` for spaces.
 */
import type { TokenizerJson } from '../tokenizer-files.ts'
import { mergesFromScores, type ScoredPiece } from './merges-from-scores.ts'
import type { TokenizerMetadata } from './metadata.ts'
import { addedTokens, tokenType } from './token-type.ts'

/** SentencePiece's trainer makes pieces of at most 16 characters, unless told otherwise. */
const maxPieceLength = 128
/** Every character is a place to cut a piece, which takes time, and every merge is kept, which takes memory. */
const maxCharacters = 8_000_000
const maxMerges = 1_000_000

const space = '\u2581'

export function sentencePieceBpe(metadata: TokenizerMetadata, tokens: readonly string[]): TokenizerJson {
  const types = metadata.numbers('ggml.token_type', tokens.length)
  const scores = metadata.numbers('ggml.scores', tokens.length)
  const ids = new Map(tokens.map((token, id) => [token, id]))
  if (ids.size !== tokens.length) throw metadata.fail('ggml.tokens', `${tokens.length} different tokens`, ids.size)
  const ofType = (type: number) => tokens.filter((_, id) => types[id] === type)

  // Only ordinary pieces are merged: characters that spell `</s>` or `<0x0A>` in a text must not become that token.
  const pieces = tokens.flatMap((text, id) =>
    types[id] === tokenType.normal ? [{ text, score: scores[id] ?? 0 }] : [],
  )
  const bytes = ofType(tokenType.byte)
  const misspelt = bytes.find((token) => !/^<0x[0-9A-F]{2}>$/.test(token))
  if (misspelt !== undefined) throw metadata.fail('ggml.tokens', 'byte tokens from <0x00> to <0xFF>', misspelt)
  const unknown = metadata.id('ggml.unknown_token_id', tokens.length)
  const unknownText = unknown === undefined ? ofType(tokenType.unknown)[0] : tokens[unknown]
  if (bytes.length < 256 && unknownText === undefined) {
    throw metadata.fail('ggml.tokens', '256 byte tokens or an unknown token', `${bytes.length} byte tokens`)
  }

  const prefix = metadata.flag('ggml.add_space_prefix') ?? true
  const replace = (from: string, to: string) => ({ type: 'Replace', pattern: { String: from }, content: to })
  return {
    version: '1.0',
    added_tokens: addedTokens(tokens, types, [tokenType.control, tokenType.unknown]),
    normalizer: {
      type: 'Sequence',
      normalizers: [...(prefix ? [{ type: 'Prepend', prepend: space }] : []), replace(' ', space)],
    },
    pre_tokenizer: null,
    post_processor: null,
    decoder: {
      type: 'Sequence',
      decoders: [
        replace(space, ' '),
        { type: 'ByteFallback' },
        { type: 'Fuse' },
        ...(prefix ? [{ type: 'Strip', content: ' ', start: 1, stop: 0 }] : []),
      ],
    },
    model: {
      type: 'BPE',
      byte_fallback: true,
      fuse_unk: true,
      unk_token: unknownText ?? null,
      vocab: Object.fromEntries(ids),
      merges: checkedMerges(metadata, pieces),
    },
  }
}

function checkedMerges(metadata: TokenizerMetadata, pieces: readonly ScoredPiece[]): [string, string][] {
  const long = pieces.find(({ text }) => text.length > maxPieceLength)
  if (long !== undefined) {
    throw metadata.fail('ggml.tokens', `pieces of at most ${maxPieceLength} characters`, long.text.length)
  }
  const characters = pieces.reduce((sum, { text }) => sum + text.length, 0)
  if (characters > maxCharacters) {
    throw metadata.fail('ggml.tokens', `pieces of at most ${maxCharacters} characters together`, characters)
  }
  const merges = mergesFromScores(pieces, maxMerges)
  if (merges !== undefined) return merges
  throw metadata.fail('ggml.tokens', `pieces made by at most ${maxMerges} merges`, 'more')
}
