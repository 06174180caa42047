/** Practice: a model goes on with lists of tasks, is told which lines are right, and gets rows to learn from. */
import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Random } from '../../src/core/random.ts'
import { instructionStops, oneLine } from '../../src/fedpit/prompts.ts'
import { createGenerator, type Generator } from '../../src/generation/generator.ts'
import type { Completion } from '../../src/generation/request.ts'
import { openHfDirectory } from '../../src/model/hf-directory.ts'
import { nanoConfig } from '../../src/nano/architecture.ts'
import { drawExercise, type Exercise } from '../../src/nano/corpus/exercise.ts'
import { writeModel } from '../../src/nano/write-model.ts'
import type { Provider } from '../../src/onnx/session.ts'
import { createTokenizer, type Tokenizer } from '../../src/tokenizer/tokenizer.ts'
import type { TokenizerFiles } from '../../src/tokenizer/tokenizer-files.ts'
import type { Batch } from '../../src/training/batch.ts'
import { cutWeights, fullLayout } from '../../src/training/full-layout.ts'
import type { Cut } from './cut.ts'
import {
  isRight,
  longestRow,
  type PracticeRow,
  practiceBatches,
  practiceRows,
  type WrittenLine,
} from './practice-rows.ts'

export interface Practised {
  readonly batches: readonly Batch[]
  /** Of all lines that were written, new and right. */
  readonly right: number
}

/** What one update learns from, in at most `rows` rows: a function of the parameters and of `random` alone. */
export type Practice = (parameters: Float32Array, rows: number, random: Random) => Promise<Practised>

/** Lines to one list. */
const lines = 12
/** Above 0.3, which `evaluate:nano` samples at, so that the lines differ; what they are learned from is at 1. */
export const temperature = 0.7
const lineTokens = 64
/** Share of the lists that are in other, smaller pieces. */
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
  return async (parameters, rows, random) => {
    // One of a process that was killed.
    await rm(model, { recursive: true, force: true })
    await writeModel(model, nanoConfig, files, cutWeights(layout, parameters), 'f32')
    // Only what is kept beside a model asks for its fingerprint.
    const checkpoint = { ...(await openHfDirectory(model)), fingerprint: '' }
    const generator = createGenerator(checkpoint, tokenizer, { decode: 'f32', device, threads })
    try {
      const [made, written]: [PracticeRow[], WrittenLine[]] = [[], []]
      // Lists that are always or never continued give no rows; there is an end to looking for others.
      for (let i = 0; made.length < rows && i < 2 * rows; i++) {
        const own = random.derive(`${i}`)
        const { prompt, exercise } = drawPrompt(own, (source) => (source.next() < recut ? cut(source) : tokenizer))
        const continued = await writeLines(generator, tokenizer, prompt, exercise, own)
        written.push(...continued)
        made.push(...practiceRows(prompt, continued))
      }
      return { batches: practiceBatches(made.slice(0, rows)), right: written.filter(isRight).length / written.length }
    } finally {
      await generator.close()
      await rm(model, { recursive: true, force: true })
    }
  }
}

/** One that a row has room for. */
function drawPrompt(
  random: Random,
  tokenizerFor: (random: Random) => Tokenizer,
): { prompt: number[]; exercise: Exercise } {
  for (;;) {
    const exercise = drawExercise(random)
    const prompt = tokenizerFor(random).encode(exercise.prompt)
    if (prompt.length <= longestRow - lineTokens) return { prompt, exercise }
  }
}

async function writeLines(
  generator: Generator,
  tokenizer: Tokenizer,
  prompt: readonly number[],
  { judge }: Exercise,
  random: Random,
): Promise<WrittenLine[]> {
  const completions = await generator.generate({
    prompts: Array.from({ length: lines }, () => prompt),
    sampling: {
      ...{ temperature, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: lineTokens, stop: instructionStops },
      seed: String(random.below(2 ** 32)),
    },
  })
  const known = new Set<string>()
  return completions.map((completion) => {
    const line = writtenLine(completion, tokenizer, judge)
    const said = oneLine(completion.text)
    const again = known.has(said)
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
  const { verdict, marks } = judge(oneLine(text))
  const before = text.length - text.trimStart().length
  const ends = ids.map((_, i) => Math.max(0, tokenizer.decode(ids.slice(0, i + 1)).length - before))
  return { verdict: finish === 'stop' ? verdict : 'wrong', marks, ids, ends }
}
