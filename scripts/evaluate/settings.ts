/** How peers of `evaluate:nano` learn: the method's own defaults but for what a model of three million parameters needs. */
import { fedPitSchema } from '../../src/fedpit/hyper-parameters.ts'

export const settings = fedPitSchema.parse({
  candidates: 64,
  // Half, as in the paper: of these all valid tasks but one in sixty have the right answer, of the others one in five.
  keep: 32,
  // With the global adapter, which is taught answers without demonstrations, the model minds demonstrations less: of what it
  // writes in the second round less is right than in the first, and the adapter comes half as far (docs/log.md).
  generator: 'base',
  // A peer has some six examples of each of five kinds of tasks; random ones of all kinds are continued by no valid task.
  // At the temperature that is right for a larger model one task in ten is valid, and not one in four (docs/log.md).
  demonstrations: 6,
  demonstrationChoice: 'alike',
  // Two tasks of one form have most words in common: what the default lets through is mostly broken ones, and of one kind.
  mostSimilar: 0.9,
  temperature: 0.3,
  instructionTokens: 64,
  responseTokens: 48,
  // The local adapter is trained twice in a round: at a constant rate its second beginning undid much of the first.
  training: { epochs: 6, batchSize: 8, maxTokens: 192, learningRate: 5e-3, schedule: 'cosine', warmupSteps: 5 },
})
