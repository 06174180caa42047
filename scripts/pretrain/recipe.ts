/** How `nano` is trained: all numbers that decide its weights, besides the seed and the corpus. */
import { inputError } from '../../src/core/errors.ts'
import { lessons } from '../../src/nano/corpus/lessons.ts'
import type { Plan, Stage } from './checkpoint.ts'

/** One run: a learning rate that rises and falls once. */
export type RunRecipe = Omit<Plan, 'config' | 'seed' | 'device' | 'text'>

const always = { warmupSteps: 100, weightDecay: 0.1, beta2: 0.95, clipNorm: 1 }

/**
 * The runs that made the weights. Each begins where a model directory of the one before would: weights rounded to
 * bfloat16, and no moments (warm restarts, Loshchilov and Hutter, arXiv 1608.03983). So a model can be trained on whenever
 * there is time, and what is shipped is always the end of a run.
 */
export const recipe: readonly [RunRecipe, ...RunRecipe[]] = [
  {
    ...always,
    stages: [
      // Short rows first: a token in them costs three fifths of one in the long rows.
      { lesson: 'copy', updates: 250, batch: 10, length: 256 },
      { lesson: 'pick', updates: 400, batch: 10, length: 256 },
      { lesson: 'answer', updates: 1500, batch: 5, length: 512 },
      { lesson: 'all', updates: 1200, batch: 5, length: 512 },
      // Eight demonstrations of held-out families take 550 to 700 positions.
      { lesson: 'all', updates: 2400, batch: 4, length: 768 },
    ],
    learningRate: 0.002,
    // Half a cosine over more updates than there are, then down to zero within the last ones.
    cosineSteps: 7350,
    cooldownSteps: 1500,
  },
  {
    ...always,
    stages: [
      { lesson: 'wide', updates: 1500, batch: 6, length: 512 },
      { lesson: 'wide', updates: 1800, batch: 4, length: 768 },
    ],
    learningRate: 0.0015,
    cosineSteps: 4400,
    cooldownSteps: 1200,
  },
  {
    ...always,
    stages: [{ lesson: 'broad', updates: 3700, batch: 4, length: 768 }],
    learningRate: 0.0012,
    cosineSteps: 5000,
    cooldownSteps: 1300,
  },
  {
    ...always,
    stages: [
      // Mostly answers, so that there is little noise in what an update learns from.
      { lesson: 'change', updates: 500, batch: 8, length: 512 },
      { lesson: 'relate', updates: 700, batch: 8, length: 512 },
      { lesson: 'reword', updates: 700, batch: 8, length: 512 },
      { lesson: 'belong', updates: 600, batch: 8, length: 512 },
      { lesson: 'stride', updates: 4000, batch: 6, length: 768 },
    ],
    learningRate: 0.001,
    beta2: 0.98,
    cosineSteps: 9000,
    cooldownSteps: 1500,
  },
  {
    ...always,
    stages: [{ lesson: 'pieces', updates: 6200, batch: 8, length: 768 }],
    learningRate: 0.0012,
    beta2: 0.98,
    cosineSteps: 8500,
    cooldownSteps: 1600,
  },
  {
    ...always,
    // The text keeps what was learned before.
    stages: [{ lesson: 'pieces', updates: 500, batch: 4, length: 768, practice: 32 }],
    learningRate: 0.0003,
    warmupSteps: 20,
    beta2: 0.98,
    cosineSteps: 1000,
    cooldownSteps: 200,
  },
  {
    ...always,
    stages: [{ lesson: 'pieces', updates: 400, batch: 4, length: 768, practice: 32, answers: 16 }],
    learningRate: 0.0003,
    warmupSteps: 20,
    beta2: 0.98,
    cosineSteps: 1000,
    cooldownSteps: 200,
    average: true,
  },
]

/** A run of its own, with the first one's rates. */
export function runOf(stages: readonly Stage[]): RunRecipe {
  return { ...recipe[0], stages }
}

/**
 * Stages as `copy:250x10x256,pieces:400x4x768+32+16`: lesson, updates, rows of an update, positions of a row, rows of practice
 * of lists, and of answers.
 * Throws `usage.stages`.
 */
export function parseStages(text: string): Stage[] {
  return text.split(',').map((stage) => {
    const [, name, ...sizes] =
      /^([a-z]{1,9}):(\d{1,7})x(\d{1,4})x(\d{1,4})(?:\+(\d{1,4})(?:\+(\d{1,4}))?)?$/.exec(stage) ?? []
    const lesson = lessons.find((known) => known === name)
    const [updates, batch, length, practice, answers] = sizes.map((size) =>
      size === undefined ? undefined : Number(size),
    )
    if (lesson && updates && batch && length && length <= 1024 && practice !== 0 && answers !== 0)
      return { lesson, updates, batch, length, ...(practice && { practice }), ...(answers && { answers }) }
    throw inputError(
      'usage.stages',
      `Cannot use --stages ${text}: expected LESSON:UPDATESxROWSxPOSITIONS[+LISTS[+ANSWERS]], rows of at most 1024 positions, got ${stage}`,
    )
  })
}
