/**
 * Batches of running text for pre-training: documents without end, each followed by a separator, laid out in rows of one
 * length. Every position carries a label and none is padding; a document may go on in the next row, and a row sees what
 * stands before it in the row, whatever document that is of.
 */
import { createRandom, type Random } from '../core/random.ts'
import type { Batch } from './batch.ts'
import type { TrainingData } from './training-data.ts'

export interface TextShape {
  /** Rows of one update. */
  readonly batch: number
  /** Positions of a row. */
  readonly length: number
}

export interface TextSource {
  /** Token ids of one document. */
  document(random: Random): readonly number[]
  /** Stands after each. */
  readonly separator: number
}

/** Every update has documents of its own, drawn from `seed` and its number: a run that is resumed sees the same text. */
export function textData(source: TextSource, steps: number, seed: string, shape: TextShape): TrainingData {
  return {
    steps,
    batches: (position) => [packedBatch(source, createRandom(seed).derive(`update ${position}`), shape)],
  }
}

export function packedBatch(source: TextSource, random: Random, { batch, length }: TextShape): Batch {
  const rows = batch * length
  const text = new Int32Array(rows + 1)
  for (let end = 0; end < text.length; ) {
    const document = [...source.document(random), source.separator].slice(0, text.length - end)
    text.set(document, end)
    end += document.length
  }
  return {
    batch,
    length,
    rows,
    tokens: text.slice(0, rows),
    labels: text.slice(1),
    weights: new Float32Array(rows).fill(1 / rows),
    positions: Int32Array.from({ length: rows }, (_, i) => i),
  }
}
