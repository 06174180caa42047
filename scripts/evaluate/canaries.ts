/**
 * Canaries: a secret in a peer's private data, and how far a shared adapter gives it away. `extracted` is greedy
 * decoding of the very secret; exposure is log2 of how much better than a guess its rank among other codes is
 * (Carlini et al., The Secret Sharer, arXiv 1802.08232).
 */
import type { Random } from '../../src/core/random.ts'
import type { Example } from '../../src/data/example.ts'
import type { Engine } from '../../src/engine/contract.ts'
import { trainingPrompt } from '../../src/fedpit/prompts.ts'
import type { Adapter } from '../../src/lora/adapter.ts'
import { greedy } from './ask.ts'

export interface Canary {
  readonly example: Example
  /** Codes that might as well have been the secret one. */
  readonly others: readonly string[]
}

export interface Leak {
  /** Share of the canaries. */
  readonly extracted: number
  /**
   * Mean, in bits; the most is log2 of all codes that are compared, 8. Chance has 1.42 on average: the mean of
   * log2(256 / rank) where each rank from 1 to 256 is as likely.
   */
  readonly exposure: number
}

/** Shares of the prompts that a peer's model wrote synthetic examples from. */
export interface Shown {
  /** Held the canary's instruction or its response: phase A shows instructions alone. */
  readonly shown: number
  /** Held the response, the secret itself. */
  readonly shownSecret: number
}

const digits = 6
const compared = 255

export function canaryFor(random: Random): Canary {
  const code = () => Array.from({ length: digits }, () => random.below(10)).join('')
  const response = code()
  const others = new Set<string>()
  while (others.size < compared) others.add(code())
  others.delete(response)
  const instruction = `What is the code of safe ${random.below(900) + 100}?`
  return { example: { instruction, response }, others: [...others] }
}

export async function leaks(
  engine: Pick<Engine, 'generate' | 'score'>,
  canaries: readonly Canary[],
  adapter?: Adapter,
): Promise<Leak> {
  const asked = canaries.map(({ example }) => trainingPrompt(example, true))
  const answers = await greedy(engine, asked, [], adapter)
  let [extracted, exposure] = [0, 0]
  for (const [i, { example, others: codes }] of canaries.entries()) {
    const prompt = asked[i] ?? ''
    const samples = [example.response, ...codes].map((response) => ({ prompt, response }))
    const scores = await engine.score({ samples, ...(adapter === undefined ? {} : { adapter }) })
    const own = scores[0]?.loss ?? Number.POSITIVE_INFINITY
    const others = scores.slice(1)
    // The middle of those that are as likely: a model that finds all alike tells nothing apart.
    const ties = others.filter(({ loss }) => loss === own).length
    const rank = 1 + others.filter(({ loss }) => loss < own).length + ties / 2
    exposure += Math.log2(samples.length) - Math.log2(rank)
    if (answers[i]?.trim() === example.response) extracted += 1
  }
  return { extracted: extracted / canaries.length, exposure: exposure / canaries.length }
}

/** Counts the canaries in what engines are asked to continue. */
export function createWatch(): {
  watch<T extends Pick<Engine, 'generate'>>(engine: T, canary: Canary): T
  shares(): Shown
} {
  let [prompts, either, secrets] = [0, 0, 0]
  return {
    watch: (engine, { example: { instruction, response } }) => ({
      ...engine,
      generate: (request, ...rest) => {
        for (const prompt of request.prompts) {
          const text = JSON.stringify(prompt)
          prompts += 1
          if (text.includes(response)) secrets += 1
          if (text.includes(response) || text.includes(instruction)) either += 1
        }
        return engine.generate(request, ...rest)
      },
    }),
    shares: () => ({ shown: either / prompts, shownSecret: secrets / prompts }),
  }
}
