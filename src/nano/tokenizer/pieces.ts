/**
 * The same tokens, with words in more pieces: BPE-dropout (Provilkov et al., arXiv 1910.13267). There every word loses merges
 * of its own; here all words of a document lose the same, as a word that the tokenizer does not know is cut alike
 * wherever it stands.
 */
import type { Random } from '../../core/random.ts'
import type { TokenizerFiles } from '../../tokenizer/tokenizer-files.ts'

/** Without this share of the merges; the vocabulary is as before. `files` are those of `trainBytePairs`. */
export function withoutMerges(files: TokenizerFiles, share: number, random: Random): TokenizerFiles {
  const model = files.tokenizer.model as { readonly merges: readonly string[] }
  const merges = model.merges.filter((merge) => isKept(merge) || random.next() >= share)
  return { ...files, tokenizer: { ...files.tokenizer, model: { ...model, merges } } }
}

/** No text is ever cut otherwise there: at a word's first letter, whose space goes with it, and in pairs of digits. */
function isKept(merge: string): boolean {
  return /^Ġ |^\d \d$/.test(merge)
}
