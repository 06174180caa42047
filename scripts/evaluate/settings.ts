/** How peers of `evaluate:nano` learn: the method's own defaults but for what a model of three million parameters needs. */
import { fedPitSchema } from '../../src/fedpit/hyper-parameters.ts'

export const settings = fedPitSchema.parse({
  candidates: 24,
  keep: 16,
  // A peer has some six examples of each of five kinds of tasks; random ones of all kinds are continued by no valid task.
  // At the temperature that is right for a larger model one task in ten is valid, and not one in four (docs/log.md).
  demonstrations: 6,
  demonstrationChoice: 'alike',
  temperature: 0.3,
  instructionTokens: 64,
  responseTokens: 48,
  training: { epochs: 6, batchSize: 8, maxTokens: 192, learningRate: 5e-3 },
})
