/** From text to token ids: prompts to continue, and samples to learn from or to score. */
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import type { TokenSample } from '../training/token-sample.ts'
import type { ChatMessage, Prompt, Sample } from './contract.ts'

/**
 * Plain text after BOS, where the model expects one; messages by the model's chat template, up to where its answer
 * begins; ids are there already.
 */
export function encodePrompt(tokenizer: Tokenizer, prompt: Prompt): number[] {
  if (typeof prompt === 'string') return [...tokenizer.begin, ...tokenizer.encode(prompt)]
  return isTokens(prompt) ? [...prompt] : tokenizer.encodeChat(prompt, { generationPrompt: true })
}

function isTokens(prompt: readonly ChatMessage[] | readonly number[]): prompt is readonly number[] {
  return typeof prompt[0] === 'number'
}

/** Labels are the response and the end-of-turn token after it. A token must stand before the first label. */
export function encodeSample(tokenizer: Tokenizer, { prompt, response }: Sample): TokenSample {
  const before = encodePrompt(tokenizer, prompt)
  if (before.length === 0) before.push(tokenizer.bos ?? tokenizer.end)
  return { tokens: [...before, ...tokenizer.encode(response), tokenizer.end], labelStart: before.length }
}
