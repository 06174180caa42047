/** A training text as token ids: prompt, response, end of turn; the labels start with the response. */
export interface TokenSample {
  readonly tokens: readonly number[]
  /** Index in `tokens` of the first token that loss is taken on; at least 1. */
  readonly labelStart: number
}

/** Tokens that carry a label. */
export function labelledTokens(sample: TokenSample): number {
  return sample.tokens.length - sample.labelStart
}

/** Positions the model reads: the last token is a label only. */
export function inputLength(sample: TokenSample): number {
  return sample.tokens.length - 1
}

/**
 * The sample within `maxTokens` tokens: cut at the front of the prompt, so that the response stays; where the response
 * alone is too long, one token of the prompt and the response's beginning.
 */
export function truncateSample(sample: TokenSample, maxTokens: number): TokenSample {
  const excess = sample.tokens.length - maxTokens
  if (excess <= 0) return sample
  const dropped = Math.min(excess, sample.labelStart - 1)
  return { tokens: sample.tokens.slice(dropped, dropped + maxTokens), labelStart: sample.labelStart - dropped }
}
