/** How `nano` is trained: all numbers that decide its weights, besides the seed and the corpus. */
import { inputError } from '../../src/core/errors.ts'
import type { TextStage } from '../../src/training/packed-text.ts'
import type { Plan } from './checkpoint.ts'

export const recipe = {
  stages: [
    // Short rows first: a token in them costs three fifths of one in the long rows.
    { updates: 5000, batch: 10, length: 256 },
    // Eight demonstrations of held-out families take 550 to 700 positions.
    { updates: 12_000, batch: 4, length: 768 },
  ],
  learningRate: 0.002,
  warmupSteps: 100,
  weightDecay: 0.1,
  beta2: 0.95,
  clipNorm: 1,
} as const satisfies Partial<Plan>

/** Stages as `8000x10x256,2000x4x768`: updates, rows of an update, positions of a row. Throws `usage.stages`. */
export function parseStages(text: string): TextStage[] {
  return text.split(',').map((stage) => {
    const [, updates, batch, length] = (/^(\d{1,7})x(\d{1,4})x(\d{1,4})$/.exec(stage) ?? []).map(Number)
    if (updates && batch && length && length <= 1024) return { updates, batch, length }
    throw inputError(
      'usage.stages',
      `Cannot use --stages ${text}: expected UPDATESxROWSxPOSITIONS, rows of at most 1024 positions, got ${stage}`,
    )
  })
}

export function formatStages(stages: readonly TextStage[]): string {
  return stages.map(({ updates, batch, length }) => `${updates}x${batch}x${length}`).join(',')
}
