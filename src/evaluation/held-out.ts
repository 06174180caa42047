/**
 * How good a model is on examples that nothing was trained on: loss a response token, and ROUGE-L of greedy answers.
 *
 * A long example is cut as it would be in training, at the front of its prompt: both figures are taken behind the same
 * prompt, and one example that does not fit ends no evaluation.
 */
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
  /** Examples that were cut to `maxTokens`. */
  readonly truncated: number
}

export interface EvaluationParts {
  readonly engine: Pick<Engine, 'generate' | 'score' | 'tokenize'>
  readonly chat: boolean
  /** Of an example; at most the positions that the model has. */
  readonly maxTokens: number
  /** Longest greedy answer. */
  readonly maxNewTokens: number
  readonly signal?: AbortSignal
}

export async function evaluateHeldOut(
  examples: readonly Example[],
  adapter: Adapter | undefined,
  { engine, chat, maxTokens, maxNewTokens, signal }: EvaluationParts,
): Promise<HeldOutScore> {
  if (examples.length === 0) return { loss: Number.NaN, rougeL: Number.NaN, truncated: 0 }
  const withAdapter = adapter === undefined ? {} : { adapter }
  const prompts = examples.map((example) => trainingPrompt(example, chat))
  const samples = examples.map(({ response }, i) => ({ prompt: prompts[i] ?? '', response }))
  const scores = await engine.score({ samples, maxTokens, ...withAdapter }, signal)
  const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens, stop: [], seed: 'greedy' }
  const read = await engine.tokenize(prompts, signal)
  // Plain text may begin with BOS, as a prompt; behind a prompt a response does not.
  const [beginning = [], ...responses] = await engine.tokenize(
    ['', ...examples.map(({ response }) => response)],
    signal,
  )
  // What `score` cuts off: the end of turn counts, and a token of the prompt stays.
  const excess = read.map(
    ({ length }, i) => length + (responses[i] as number[]).length - beginning.length + 1 - maxTokens,
  )
  const cut = read.map((prompt, i) => prompt.slice(Math.max(0, Math.min(excess[i] as number, prompt.length - 1))))
  const answers = await engine.generate({ prompts: cut, sampling, ...withAdapter }, signal)
  const tokens = scores.reduce((sum, score) => sum + score.tokens, 0)
  const overlap = examples.map(({ response }, i) => rougeL(response, answers[i]?.text ?? '').f)
  return {
    loss: scores.reduce((sum, score) => sum + score.loss, 0) / tokens,
    rougeL: overlap.reduce((sum, f) => sum + f, 0) / examples.length,
    truncated: excess.filter((tokens) => tokens > 0).length,
  }
}
