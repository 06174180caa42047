/** The corpus of `nano` as token ids, and the tokenizer that is made for it. */
import { inputError } from '../../src/core/errors.ts'
import { createRandom, type Random } from '../../src/core/random.ts'
import { nanoConfig } from '../../src/nano/architecture.ts'
import { heldOutDocument, trainingDocument } from '../../src/nano/corpus/documents.ts'
import { echo } from '../../src/nano/corpus/echo.ts'
import { trainBytePairs } from '../../src/nano/tokenizer/train-bpe.ts'
import { createTokenizer, type TokenizerFiles } from '../../src/tokenizer/tokenizer.ts'
import type { TextSource } from '../../src/training/packed-text.ts'

/** Special tokens have the first ids. */
const specialTokens = 3

/** Share of training documents. */
const echoes = 0.08

/** Documents that the tokenizer learns from. */
const documents = 5_000

export function nanoTokenizer(seed: string): TokenizerFiles {
  const random = createRandom(seed).derive('tokenizer')
  const texts = Array.from({ length: documents }, (_, i) => trainingDocument(random.derive(`${i}`)))
  return trainBytePairs(texts, nanoConfig.vocabSize)
}

export function nanoText(files: TokenizerFiles): { readonly training: TextSource; readonly heldOut: TextSource } {
  const { bos: separator } = files
  if (separator === undefined)
    throw inputError('pretrain.separator', 'Cannot join documents: expected a tokenizer with a bos_token, got none')
  const tokenizer = createTokenizer(files)
  // The corpus is our own text: where it spells a special token, as chats do, it means it.
  const source = (document: (random: Random) => string): TextSource => ({
    document: (random) => tokenizer.encode(document(random), { special: true }),
    separator,
  })
  const documents = source(trainingDocument)
  const training: TextSource = {
    separator,
    document: (random) =>
      random.next() < echoes ? echo(random, specialTokens, nanoConfig.vocabSize) : documents.document(random),
  }
  return { training, heldOut: source(heldOutDocument) }
}
