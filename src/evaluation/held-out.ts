/** How good a model is on examples that nothing was trained on: loss a response token, and ROUGE-L of greedy answers. */
import type { Example } from '../data/example.ts'
import type { Engine } from '../engine/contract.ts'
import { trainingPrompt } from '../fedpit/prompts.ts'
import { rougeL } from '../fedpit/rouge-l.ts'
import type { Adapter } from '../lora/adapter.ts'

export interface HeldOutScore {
  /** Mean negative log-likelihood of a response token, in nats. */
  readonly loss: number
  /** Mean ROUGE-L F of the greedy response, 0 to 1. */
  readonly rougeL: number
}

export interface EvaluationParts {
  readonly engine: Pick<Engine, 'generate' | 'score'>
  readonly chat: boolean
  /** Longest greedy answer. */
  readonly maxNewTokens: number
  readonly signal?: AbortSignal
}

export async function evaluateHeldOut(
  examples: readonly Example[],
  adapter: Adapter | undefined,
  { engine, chat, maxNewTokens, signal }: EvaluationParts,
): Promise<HeldOutScore> {
  if (examples.length === 0) return { loss: Number.NaN, rougeL: Number.NaN }
  const withAdapter = adapter === undefined ? {} : { adapter }
  const prompts = examples.map((example) => trainingPrompt(example, chat))
  const samples = examples.map(({ response }, i) => ({ prompt: prompts[i] ?? '', response }))
  const scores = await engine.score({ samples, ...withAdapter }, signal)
  const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens, stop: [], seed: 'greedy' }
  const answers = await engine.generate({ prompts, sampling, ...withAdapter }, signal)
  const tokens = scores.reduce((sum, score) => sum + score.tokens, 0)
  const overlap = examples.map(({ response }, i) => rougeL(response, answers[i]?.text ?? '').f)
  return {
    loss: scores.reduce((sum, score) => sum + score.loss, 0) / tokens,
    rougeL: overlap.reduce((sum, f) => sum + f, 0) / examples.length,
  }
}
