/**
 * Batches of running text for pre-training, in rows of one length. Each row begins with a document and goes on with more
 * until it is full; the last one is cut. Rows that began in the middle of a document would carry text that explains
 * nothing after it, and learning to look back took seven times as long with them (docs/log.md). None of it is padding; a
 * document sees what stands before it in its row.
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

export interface TextDocument {
  readonly ids: readonly number[]
  /** How much the prediction of each id counts, from 0. */
  readonly weights: readonly number[]
}

export interface TextSource {
  document(random: Random): TextDocument
  /** Stands after each document and counts 1. */
  readonly separator: number
}

/** A part of a run, in rows of one length. */
export interface StageShape extends TextShape {
  readonly updates: number
}

export interface TextStage extends StageShape {
  readonly source: TextSource
}

/** Stage after stage. Each update has documents of its own, drawn from `seed` and its number: a resumed run sees the same. */
export function textData(stages: readonly TextStage[], seed: string): TrainingData {
  return {
    steps: stages.reduce((sum, { updates }) => sum + updates, 0),
    *batches(position) {
      const stage = stageAt(stages, position)
      if (stage !== undefined) yield packedBatch(stage.source, createRandom(seed).derive(`update ${position}`), stage)
    },
  }
}

/** Positions of the first `updates` updates. */
export function tokensAfter(stages: readonly StageShape[], updates: number): number {
  let [tokens, left] = [0, updates]
  for (const stage of stages) {
    const made = Math.min(left, stage.updates)
    tokens += made * stage.batch * stage.length
    left -= made
  }
  return tokens
}

/** The stage of update `position`, from 0; undefined behind the last one. */
export function stageAt<T extends StageShape>(stages: readonly T[], position: number): T | undefined {
  let begin = 0
  return stages.find(({ updates }) => {
    begin += updates
    return position < begin
  })
}

export function packedBatch(source: TextSource, random: Random, { batch, length }: TextShape): Batch {
  const rows = batch * length
  const [tokens, labels, weights] = [new Int32Array(rows), new Int32Array(rows), new Float32Array(rows)]
  for (let row = 0; row < rows; row += length) {
    const text = rowOf(source, random, length + 1)
    tokens.set(text.ids.subarray(0, length), row)
    labels.set(text.ids.subarray(1), row)
    weights.set(text.weights.subarray(1), row)
  }
  const total = weights.reduce((sum, weight) => sum + weight, 0)
  return {
    batch,
    length,
    rows,
    tokens,
    labels,
    weights: total > 0 ? weights.map((weight) => weight / total) : weights,
    positions: Int32Array.from({ length: rows }, (_, i) => i),
  }
}

function rowOf(source: TextSource, random: Random, length: number): { ids: Int32Array; weights: Float32Array } {
  const [ids, weights] = [new Int32Array(length), new Float32Array(length)]
  for (let end = 0; end < length; ) {
    const document = source.document(random)
    const room = length - end
    ids.set([...document.ids, source.separator].slice(0, room), end)
    weights.set([...document.weights, 1].slice(0, room), end)
    end += document.ids.length + 1
  }
  return { ids, weights }
}
