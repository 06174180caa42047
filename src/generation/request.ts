/** What generation is asked and what it answers, in tokens: text prompts and chat templates are the engine's affair. */
import type { Adapter } from '../lora/adapter.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'

export interface Sampling {
  /** 0 is greedy; then `topK` and `topP` have no effect. */
  readonly temperature: number
  /** 0 keeps all. */
  readonly topK: number
  /** 1 keeps all. */
  readonly topP: number
  /** 1 changes nothing (CTRL, arXiv 1909.05858). Counts the tokens of the prompt too. */
  readonly repetitionPenalty: number
  readonly maxNewTokens: number
  /** Text that ends a completion; it is cut off. */
  readonly stop: readonly string[]
  readonly seed: string
}

export interface GenerateRequest {
  /** Token ids. A prefix that all of them have in common is computed once. */
  readonly prompts: readonly (readonly number[])[]
  readonly adapter?: Adapter
  readonly sampling: Sampling
}

export interface TokenEvent {
  /** Index of the prompt. */
  readonly prompt: number
  readonly text: string
}

export interface Completion {
  readonly text: string
  /** All that were drawn, the end-of-turn token and those of a stop text included. */
  readonly ids: readonly number[]
  readonly tokens: number
  /** A stop text, an end token, or the limit on new tokens or positions. */
  readonly finish: 'stop' | 'end' | 'length'
}

/** What generation needs of a tokenizer: ids to text, and the tokens that end a completion without being part of it. */
export type TokenText = Pick<Tokenizer, 'stream' | 'ends'>
