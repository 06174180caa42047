/**
 * A tokenizer whose special tokens have names that nobody can guess: where a text is encoded with it, only what `hide`
 * has renamed becomes a special token.
 *
 * They are in the model's own vocabulary too, where a Unigram model finds any piece (Kudo 2018, arXiv 1804.10959) and
 * a BPE model with `ignore_merges` any whole word.
 */
import { randomUUID } from 'node:crypto'
import type { TokenizerFiles, TokenizerJson } from './tokenizer-files.ts'

/** As far as it names tokens. */
interface Model {
  /** By piece, or for Unigram pieces with their scores. */
  readonly vocab: Readonly<Record<string, unknown>> | readonly (readonly [string, number])[]
  readonly merges?: readonly (string | readonly string[])[]
  readonly unk_token?: unknown
}

export interface Hidden extends Pick<TokenizerFiles, 'tokenizer' | 'config'> {
  hide(text: string): string
}

export function hideSpecial(tokenizer: TokenizerJson, config: TokenizerFiles['config']): Hidden {
  const secret = randomUUID()
  const added = tokenizer.added_tokens ?? []
  const tokens = added.map((token) => (token.special ? { ...token, content: `<${secret} ${token.id}>` } : token))
  const names = new Map(added.map(({ content }, i) => [content, tokens[i]?.content ?? content]))
  const renamed = (name: string): string => names.get(name) ?? name
  const longestFirst = [...names.keys()].sort((a, b) => b.length - a.length)
  const any = new RegExp(longestFirst.map((content) => content.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g')
  return {
    tokenizer: { ...tokenizer, added_tokens: tokens, model: renameIn(tokenizer['model'] as Model, renamed) },
    // Where a model of whole words has its unknown token.
    config: renameUnknown(config, renamed),
    hide: (text) => text.replace(any, renamed),
  }
}

function renameIn(model: Model, renamed: (name: string) => string): Model {
  const { vocab, merges } = model
  const pieces = Array.isArray(vocab)
    ? vocab.map(([piece, score]: readonly [string, number]) => [renamed(piece), score] as const)
    : Object.fromEntries(Object.entries(vocab).map(([piece, id]) => [renamed(piece), id]))
  // What a merge makes must be in the vocabulary, or the library leaves it out.
  const ordinary = merges?.filter((pair) => {
    const made = typeof pair === 'string' ? pair.replace(' ', '') : pair.join('')
    return renamed(made) === made
  })
  const renamedModel = renameUnknown({ ...model, vocab: pieces }, renamed)
  return ordinary === undefined ? renamedModel : { ...renamedModel, merges: ordinary }
}

function renameUnknown<T extends { readonly unk_token?: unknown }>(names: T, renamed: (name: string) => string): T {
  return typeof names.unk_token === 'string' ? { ...names, unk_token: renamed(names.unk_token) } : names
}
