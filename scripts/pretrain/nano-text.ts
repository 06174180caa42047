/** The corpus of `nano` as token ids, and the tokenizer that is made for it. */
import { inputError } from '../../src/core/errors.ts'
import { createRandom, type Random } from '../../src/core/random.ts'
import { nanoConfig } from '../../src/nano/architecture.ts'
import { heldOutDocument, trainingDocument } from '../../src/nano/corpus/documents.ts'
import { echo } from '../../src/nano/corpus/echo.ts'
import type { Lesson } from '../../src/nano/corpus/lessons.ts'
import { type Passage, textOf } from '../../src/nano/corpus/shapes.ts'
import { trainBytePairs } from '../../src/nano/tokenizer/train-bpe.ts'
import { createTokenizer, type Tokenizer } from '../../src/tokenizer/tokenizer.ts'
import type { TokenizerFiles } from '../../src/tokenizer/tokenizer-files.ts'
import type { TextDocument } from '../../src/training/packed-text.ts'
import type { Cut } from './cut.ts'
import type { PretrainInput } from './pretrain.ts'

/** Special tokens have the first ids. */
const specialTokens = 3

/** Share of training documents. */
const echoes = 0.08

/** Share of the documents whose words are cut as in every other text. */
const uncut = 0.4

/** Documents that the tokenizer learns from. */
const documents = 5_000

export function nanoTokenizer(seed: string): TokenizerFiles {
  const random = createRandom(seed).derive('tokenizer')
  const texts = Array.from({ length: documents }, (_, i) => textOf(trainingDocument(random.derive(`${i}`))))
  return trainBytePairs(texts, nanoConfig.vocabSize)
}

export function nanoText(files: TokenizerFiles, cut: Cut): PretrainInput['text'] {
  const { bos: separator } = files
  if (separator === undefined)
    throw inputError('pretrain.separator', 'Cannot join documents: expected a tokenizer with a bos_token, got none')
  const weighted = createWeighting(createTokenizer(files))
  const inPieces = byTokenizer(createWeighting)
  const training = (lesson: Lesson, random: Random): TextDocument => {
    if (random.next() >= echoes) {
      const passages = trainingDocument(random, lesson)
      return lesson === 'pieces' && random.next() >= uncut ? inPieces(cut(random))(passages) : weighted(passages)
    }
    const { ids, first } = echo(random, specialTokens, nanoConfig.vocabSize)
    return { ids, weights: ids.map((_, i) => (i < first ? 0 : 1)) }
  }
  return {
    training: (lesson) => ({ document: (random) => training(lesson, random), separator }),
    heldOut: { document: (random) => weighted(heldOutDocument(random)), separator },
  }
}

function byTokenizer<T>(make: (tokenizer: Tokenizer) => T): (tokenizer: Tokenizer) => T {
  const made = new Map<Tokenizer, T>()
  return (tokenizer) => {
    const value = made.get(tokenizer) ?? make(tokenizer)
    made.set(tokenizer, value)
    return value
  }
}

/**
 * Token ids of a whole document, each with the weight of the passage that its last character is in. A document is
 * encoded as a whole: passage by passage its ids could be others than those that a prompt will have.
 */
function createWeighting(tokenizer: Tokenizer): (passages: readonly Passage[]) => TextDocument {
  const lengths = new Map<number, number>()
  const lengthOf = (id: number): number => {
    const length = lengths.get(id) ?? tokenizer.decode([id]).length
    lengths.set(id, length)
    return length
  }
  return (passages) => {
    // The corpus is our own text: where it spells a special token, as chats do, it means it.
    const ids = tokenizer.encode(textOf(passages), { special: true })
    let [passage, passageEnd, end] = [0, passages[0]?.text.length ?? 0, 0]
    let before: number | undefined
    const weights = ids.map((id) => {
      end += lengthOf(id)
      while (end > passageEnd && passage < passages.length - 1) passageEnd += passages[++passage]?.text.length ?? 0
      const { weight = 1, within = weight } = passages[passage] ?? {}
      const begins = passage !== before
      before = passage
      return begins ? weight : within
    })
    return { ids, weights }
  }
}
