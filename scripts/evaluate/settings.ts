/** How peers of `evaluate:nano` learn: the method's own defaults but for what a model of three million parameters needs. */
import { fedPitSchema } from '../../src/fedpit/hyper-parameters.ts'

export const settings = fedPitSchema.parse({
  candidates: 64,
  // Half, as in the paper: of these nearly all valid tasks have the right answer, of the others every second one at best.
  keep: 32,
  // With the global adapter, which is taught answers without demonstrations, a peer may write one fault again and again. It
  // made much of a difference at one trade, and none in the mean of three (docs/log.md).
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
  // Adapters are trained on in each round: at a constant rate a second beginning undid much of the first.
  training: { epochs: 6, batchSize: 8, maxTokens: 192, learningRate: 5e-3, schedule: 'cosine', warmupSteps: 5 },
  // Slower and longer than the global one, so that it keeps more of what the others taught.
  localTraining: { epochs: 12, learningRate: 2.5e-3 },
})

/** Local training alone: at the same rate, and with as many updates, as half of what the local adapter learns from is private. */
export const aloneSettings = {
  ...settings,
  localTraining: { ...settings.localTraining, epochs: 24 },
}
