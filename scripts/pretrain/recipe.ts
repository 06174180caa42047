/** How `nano` is trained: all numbers that decide its weights, besides the seed and the corpus. */
import type { Plan } from './checkpoint.ts'

export const recipe = {
  stages: [
    // Short rows first: a token in them costs three fifths of one in the long rows.
    { updates: 8000, batch: 10, length: 256 },
    // Eight demonstrations of held-out families take 550 to 700 positions.
    { updates: 2000, batch: 4, length: 768 },
  ],
  learningRate: 0.002,
  warmupSteps: 100,
  weightDecay: 0.1,
  beta2: 0.95,
  clipNorm: 1,
} as const satisfies Partial<Plan>

export const updates = recipe.stages.reduce((sum, stage) => sum + stage.updates, 0)
