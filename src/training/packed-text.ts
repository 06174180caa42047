/**
 * Batches of running text for pre-training, in rows of one length. Each row begins with a document and goes on with more
 * until it is full; the last one is cut. Rows that began in the middle of a document would carry text that explains
 * nothing after it, and learning to look back took seven times as long with them (docs/log.md). Every position carries a
 * label and none is padding; a document sees what stands before it in its row.
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

/** A part of a run, in rows of one length. */
export interface TextStage extends TextShape {
  readonly updates: number
}

/** Stage after stage. Each update has documents of its own, drawn from `seed` and its number: a resumed run sees the same. */
export function textData(source: TextSource, stages: readonly TextStage[], seed: string): TrainingData {
  return {
    steps: stages.reduce((sum, { updates }) => sum + updates, 0),
    *batches(position) {
      const stage = stageAt(stages, position)
      if (stage !== undefined) yield packedBatch(source, createRandom(seed).derive(`update ${position}`), stage)
    },
  }
}

/** Positions of the first `updates` updates. */
export function tokensAfter(stages: readonly TextStage[], updates: number): number {
  let [tokens, left] = [0, updates]
  for (const stage of stages) {
    const made = Math.min(left, stage.updates)
    tokens += made * stage.batch * stage.length
    left -= made
  }
  return tokens
}

function stageAt(stages: readonly TextStage[], position: number): TextStage | undefined {
  let begin = 0
  return stages.find(({ updates }) => {
    begin += updates
    return position < begin
  })
}

export function packedBatch(source: TextSource, random: Random, { batch, length }: TextShape): Batch {
  const rows = batch * length
  const [tokens, labels] = [new Int32Array(rows), new Int32Array(rows)]
  for (let row = 0; row < rows; row += length) {
    const text = rowOf(source, random, length + 1)
    tokens.set(text.subarray(0, length), row)
    labels.set(text.subarray(1), row)
  }
  return {
    batch,
    length,
    rows,
    tokens,
    labels,
    weights: new Float32Array(rows).fill(1 / rows),
    positions: Int32Array.from({ length: rows }, (_, i) => i),
  }
}

function rowOf(source: TextSource, random: Random, length: number): Int32Array {
  const text = new Int32Array(length)
  for (let end = 0; end < length; ) {
    const document = [...source.document(random), source.separator].slice(0, length - end)
    text.set(document, end)
    end += document.length
  }
  return text
}
