/** A scoring request: how likely the model finds each response. */
import { setImmediate } from 'node:timers/promises'
import type { LoraConfig } from '../lora/adapter.ts'
import { buildBatch, planBatches } from '../training/batches.ts'
import { labelledTokens, type TokenSample, truncateSample } from '../training/token-sample.ts'
import type { Score, ScoreRequest } from './contract.ts'
import { encodeSample } from './encode.ts'
import type { OpenModel } from './open-model.ts'

/** Sequences computed together. */
const batchSize = 8
/** Stands where the base model is scored alone: no adapter is in its graph. */
const noAdapter: LoraConfig = { rank: 1, alpha: 1, targets: ['q'], rslora: false }

export async function score(
  model: OpenModel,
  { samples: texts, adapter, maxTokens = Number.POSITIVE_INFINITY }: ScoreRequest,
  signal?: AbortSignal,
): Promise<Score[]> {
  const { checkpoint, tokenizer } = model
  // The last token is a label only, so a sample may have one more than the model has positions.
  const most = Math.min(maxTokens, checkpoint.config.maxPositions + 1)
  const samples = texts.map((text) => truncateSample(encodeSample(tokenizer, text), most))
  const scores: Score[] = samples.map((sample) => ({ loss: 0, tokens: labelledTokens(sample) }))
  if (samples.length === 0) return scores
  const step = await model.trainStep(adapter?.config ?? noAdapter, { trainable: 'AB', dropout: 0 })
  const plan = planBatches(samples, { epochs: 1, batchSize, accumulate: 1, seed: 'score' })
  for (const planned of plan.steps.flat()) {
    await setImmediate()
    signal?.throwIfAborted()
    const losses = await step.score(buildBatch(samples, planned, 1), adapter?.parameters)
    // Rows are the labelled positions, sequence after sequence.
    let row = 0
    for (const index of planned.samples) {
      const tokens = labelledTokens(samples[index] as TokenSample)
      const loss = losses.subarray(row, row + tokens).reduce((sum, value) => sum + value, 0)
      scores[index] = { loss, tokens }
      row += tokens
    }
  }
  return scores
}
