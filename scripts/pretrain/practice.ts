/**
 * Practice: a model goes on with lists of tasks and answers tasks after examples, is told what of it is right, and gets rows to
 * learn from.
 */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../src/core/random.ts'
import { createGenerator, type Generator } from '../../src/generation/generator.ts'
import type { Completion } from '../../src/generation/request.ts'
import { openHfDirectory } from '../../src/model/hf-directory.ts'
import { nanoConfig } from '../../src/nano/architecture.ts'
import { answerExercise, type DrawExercise, type Exercise, listExercise } from '../../src/nano/corpus/exercise.ts'
import { writeModel } from '../../src/nano/write-model.ts'
import type { Provider } from '../../src/onnx/session.ts'
import { createTokenizer, type Tokenizer } from '../../src/tokenizer/tokenizer.ts'
import type { TokenizerFiles } from '../../src/tokenizer/tokenizer-files.ts'
import type { Batch } from '../../src/training/batch.ts'
import { cutWeights, fullLayout } from '../../src/training/full-layout.ts'
import type { Cut } from './cut.ts'
import { isRight, type PracticeRow, practiceBatches, practiceRows, type WrittenLine } from './practice-rows.ts'

/** Most rows of an update. */
export interface PracticeSize {
  /** Of lines that go on with a list. */
  readonly lists: number
  readonly answers?: number | undefined
}

/** Of all that was written. */
export interface PracticeShares {
  /** Of the lines of lists, new and right. */
  readonly right: number
  /** Of the answers, right. */
  readonly answered?: number
}

export interface Practised extends PracticeShares {
  readonly batches: readonly Batch[]
}

/** What one update learns from: a function of the parameters and of `random` alone. */
export type Practice = (parameters: Float32Array, size: PracticeSize, random: Random) => Promise<Practised>

/** Lines to one list, answers to one task. */
const lines = 12
/** Above 0.3, which `evaluate:nano` samples at, so that the lines differ; what they are learned from is at 1. */
export const temperature = 0.7
const lineTokens = 64
/** Most positions of a row: eight demonstrations and an answer take more than a list. */
const longest = { lists: 512, answers: 640 }
/** Share of the exercises that are in other, smaller pieces. */
const recut = 0.5

export interface PracticeOptions {
  readonly files: TokenizerFiles
  readonly cut: Cut
  /** Has the model that writes, as long as it does. */
  readonly folder: string
  readonly device: Provider
  readonly threads: number
}

export function createPractice({ files, cut, folder, device, threads }: PracticeOptions): Practice {
  const tokenizer = createTokenizer(files)
  const layout = fullLayout(nanoConfig)
  const model = join(folder, 'writer')
  return async (parameters, size, random) => {
    // One of a process that was killed.
    await rm(model, { recursive: true, force: true })
    await writeModel(model, nanoConfig, files, cutWeights(layout, parameters), 'f32')
    // Only what is kept beside a model asks for its fingerprint.
    const checkpoint = { ...(await openHfDirectory(model)), fingerprint: '' }
    const generator = createGenerator(checkpoint, tokenizer, { decode: 'f32', device, threads })
    try {
      const practise = async (draw: DrawExercise, positions: number, rows: number, from: Random) => {
        const [made, written]: [PracticeRow[], WrittenLine[]] = [[], []]
        // What is always or never right gives no rows; there is an end to looking for more.
        for (let i = 0; made.length < rows && i < 2 * rows; i++) {
          const own = from.derive(`${i}`)
          const pieces = (source: Random) => (source.next() < recut ? cut(source) : tokenizer)
          const { prompt, exercise } = drawPrompt(draw, positions - lineTokens, own, pieces)
          const lines = await writeLines(generator, tokenizer, prompt, exercise, own)
          written.push(...lines)
          made.push(...practiceRows(prompt, lines))
        }
        return { batches: practiceBatches(made.slice(0, rows)), share: shareOfRight(written) }
      }
      const lists = await practise(listExercise, longest.lists, size.lists, random)
      if (size.answers === undefined) return { batches: lists.batches, right: lists.share }
      const answers = await practise(answerExercise, longest.answers, size.answers, random.derive('answers'))
      return { batches: [...lists.batches, ...answers.batches], right: lists.share, answered: answers.share }
    } finally {
      await generator.close()
      await rm(model, { recursive: true, force: true })
    }
  }
}

function shareOfRight(lines: readonly WrittenLine[]): number {
  return lines.filter(isRight).length / lines.length
}

/** One of so many tokens at most. */
function drawPrompt(
  draw: DrawExercise,
  most: number,
  random: Random,
  tokenizerFor: (random: Random) => Tokenizer,
): { prompt: number[]; exercise: Exercise } {
  for (;;) {
    const exercise = draw(random)
    const prompt = tokenizerFor(random).encode(exercise.prompt)
    if (prompt.length <= most) return { prompt, exercise }
  }
}

async function writeLines(
  generator: Generator,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  { judge, stop, distinct }: Exercise,
  random: Random,
): Promise<WrittenLine[]> {
  const completions = await generator.generate({
    prompts: Array.from({ length: lines }, () => prompt),
    sampling: {
      ...{ temperature, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: lineTokens, stop },
      seed: String(random.below(2 ** 32)),
    },
  })
  const known = new Set<string>()
  return completions.map((completion) => {
    const line = writtenLine(completion, tokenizer, judge)
    const said = completion.text.trim()
    const again = distinct && known.has(said)
    known.add(said)
    return { ...line, again }
  })
}

/** As `judge` sees it. What did not end its line itself is no task. */
export function writtenLine(
  { text, ids, finish }: Completion,
  tokenizer: Pick<Tokenizer, 'decode'>,
  judge: Exercise['judge'],
): Omit<WrittenLine, 'again'> {
  const { verdict, marks } = judge(text)
  const ends = ids.map((_, i) => tokenizer.decode(ids.slice(0, i + 1)).length)
  return { verdict: finish === 'stop' ? verdict : 'wrong', marks, ids, ends }
}
