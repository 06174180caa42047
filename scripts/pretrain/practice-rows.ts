/**
 * What is learned from lines that a model wrote itself, each judged: REINFORCE (Williams 1992) with the other lines of the same
 * list as baseline (GRPO, Shao et al., arXiv 2402.03300). What follows the first wrong word counts nothing, as it changes
 * nothing, and neither does what was free: else a number or a name that stood in a right line would be said more and more often.
 */
import type { Judgement } from '../../src/nano/corpus/exercise.ts'
import type { Batch } from '../../src/training/batch.ts'

export interface WrittenLine extends Judgement {
  /** Where each token ends, in characters of the line; the token that ends the line ends behind it. */
  readonly ends: readonly number[]
  readonly ids: readonly number[]
  /** The same line was written before to the same list: as good as a copy. */
  readonly again: boolean
}

/** A prompt, a line that goes on with it, and how much each of the line's tokens counts: more likely, or, below 0, less. */
export interface PracticeRow {
  readonly prompt: readonly number[]
  readonly line: readonly number[]
  readonly weights: readonly number[]
}

/** Of right lines, and of others. */
const mostOfASort = 2

/** Rows of what was written after one prompt; none where all of it is right, or nothing is. */
export function practiceRows(prompt: readonly number[], lines: readonly WrittenLine[]): PracticeRow[] {
  const [good, bad] = [lines.filter(isRight), lines.filter((line) => !isRight(line))]
  const share = good.length / lines.length
  // A prompt after which nearly all or nearly nothing is right tells less.
  const deviation = Math.sqrt(share * (1 - share))
  if (deviation === 0) return []
  return [good, bad].flatMap((sort) => {
    const some = different(sort).slice(0, mostOfASort)
    const advantage = ((sort === good ? 2 : -2) * deviation) / some.length
    return some.map((line) => ({ prompt, line: line.ids, weights: lineWeights(line, advantage) }))
  })
}

/** Answers are often the same; those of one sort that differ share what the sort counts, however often each was written. */
function different(lines: readonly WrittenLine[]): WrittenLine[] {
  return [...new Map(lines.map((line) => [line.ids.join(), line])).values()]
}

export function isRight({ verdict, again }: WrittenLine): boolean {
  return verdict === 'right' && !again
}

/** `advantage` is below 0 where the line is not right. */
function lineWeights(line: WrittenLine, advantage: number): number[] {
  // What makes it a copy are the values that it could have chosen otherwise.
  const counts = line.verdict !== 'wrong' && !isRight(line) ? 'f' : 's'
  const weights: number[] = []
  let from = 0
  for (const end of line.ends) {
    const marks = line.marks.slice(from, end)
    if (marks.includes('w')) return [...weights, advantage]
    const mark = marks.includes('f') ? 'f' : 's'
    weights.push(mark === counts ? advantage : 0)
    from = end
  }
  return weights
}

/** Positions of a row that sessions are made for. */
const lengths = [256, 320, 384, 512, 640]
const rowsABatch = 8

/** Weights of all batches together, without their signs, add up to 1. */
export function practiceBatches(rows: readonly PracticeRow[]): Batch[] {
  const total = rows.flatMap(({ weights }) => weights).reduce((sum, weight) => sum + Math.abs(weight), 0)
  // Copies in which nothing was free have no weight at all.
  if (total === 0) return []
  const sorted = rows.toSorted((a, b) => lengthOf(a) - lengthOf(b))
  return Array.from({ length: Math.ceil(rows.length / rowsABatch) }, (_, i) =>
    batchOf(sorted.slice(i * rowsABatch, (i + 1) * rowsABatch), total),
  )
}

function lengthOf({ prompt, line }: PracticeRow): number {
  return prompt.length + line.length - 1
}

function batchOf(rows: readonly PracticeRow[], total: number): Batch {
  const longest = Math.max(...rows.map(lengthOf))
  const length = lengths.find((fits) => fits >= longest)
  if (length === undefined)
    throw new RangeError(`Cannot learn from a line: expected a row of ${lengths.at(-1)} positions, got ${longest}`)
  const size = rowsABatch * length
  const [tokens, labels, weights] = [new Int32Array(size), new Int32Array(size), new Float32Array(size)]
  rows.forEach(({ prompt, line, weights: counts }, row) => {
    const ids = [...prompt, ...line]
    const at = row * length
    tokens.set(ids.slice(0, -1), at)
    labels.set(ids.slice(1), at)
    weights.set(
      counts.map((weight) => weight / total),
      at + prompt.length - 1,
    )
  })
  return {
    batch: rowsABatch,
    length,
    rows: size,
    tokens,
    labels,
    weights,
    positions: Int32Array.from({ length: size }, (_, i) => i),
  }
}
