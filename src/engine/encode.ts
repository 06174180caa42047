/** From text to token ids: prompts to continue, and samples to learn from or to score. */
import { inputError } from '../core/errors.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import type { TokenSample } from '../training/token-sample.ts'
import type { Prompt, Sample } from './contract.ts'

/** Plain text as it is; messages by the model's chat template, up to where its answer begins. */
export function encodePrompt(tokenizer: Tokenizer, prompt: Prompt): number[] {
  return typeof prompt === 'string'
    ? tokenizer.encode(prompt)
    : tokenizer.encodeChat(prompt, { generationPrompt: true })
}

/** Labels are the response and the end-of-turn token after it. A token must stand before the first label. */
export function encodeSample(tokenizer: Tokenizer, { prompt, response }: Sample): TokenSample {
  const before = encodePrompt(tokenizer, prompt)
  if (before.length === 0) before.push(tokenizer.bos ?? tokenizer.end)
  return { tokens: [...before, ...tokenizer.encode(response), tokenizer.end], labelStart: before.length }
}

/** Throws `engine.too-long` where a sample cannot be computed in one piece. */
export function checkLength(sample: TokenSample, index: number, maxPositions: number): void {
  const length = sample.tokens.length - 1
  if (length <= maxPositions) return
  throw inputError(
    'engine.too-long',
    `Cannot score sample ${index}: expected at most ${maxPositions} tokens, got ${length}`,
  )
}
