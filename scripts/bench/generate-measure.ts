/** How fast prompts are read and tokens are made, at several batch sizes, in one form of the weights. */
import { createRandom } from '../../src/core/random.ts'
import { createGenerator, type Generator } from '../../src/generation/generator.ts'
import type { Sampling, TokenText } from '../../src/generation/request.ts'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import type { Provider } from '../../src/onnx/session.ts'
import { mapSummary, type Summary, summarize } from './timings.ts'

export interface GenerateBenchOptions {
  readonly checkpoint: Checkpoint
  /** Keeps the 8-bit form. */
  readonly cacheFolder: string
  readonly decode: 'f32' | 'int8'
  readonly device: Provider
  readonly threads: number
  readonly batches: readonly number[]
  readonly promptTokens: number
  readonly newTokens: number
  readonly rounds: number
  readonly note: (line: string) => void
}

export interface BatchRates {
  readonly batch: number
  /** Tokens/s: of prompts, and of new tokens behind each sequence's first, which prefill makes. */
  readonly prefill: Summary
  readonly decode: Summary
}

export interface GenerateBench {
  readonly decode: 'f32' | 'int8'
  readonly batches: readonly BatchRates[]
  /** As in self-generation: 32 sampled candidates behind shared demonstrations; new tokens/s, prefill counted. */
  readonly candidates: typeof candidates & { readonly rate: Summary }
  readonly peakMemoryMB: number
}

const greedy: Sampling = {
  ...{ temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 0, stop: [], seed: 'bench' },
}
/** Every token is text and none is an end, so that every sequence has its full length. */
const text: TokenText = { ends: [], stream: () => ({ push: () => '.', flush: () => '' }) }
const candidates = { count: 32, shared: 640, own: 16, new: 100 }

export async function measureGeneration(options: GenerateBenchOptions): Promise<GenerateBench> {
  const { checkpoint, cacheFolder, decode, device, threads, batches, promptTokens, newTokens, rounds, note } = options
  const batch = Math.max(32, ...batches)
  const generator = createGenerator(checkpoint, text, { decode, cacheFolder, device, threads, batch })
  const random = createRandom('prompts')
  const { vocabSize } = checkpoint.config
  const tokens = (count: number) => Array.from({ length: count }, () => random.below(vocabSize))
  try {
    await phases(generator, [tokens(promptTokens)], 2)
    const made: BatchRates[] = []
    for (const batch of batches) {
      const times: { prefill: number; decode: number }[] = []
      for (let round = 0; round < rounds; round++) {
        const prompts = Array.from({ length: batch }, () => tokens(promptTokens))
        times.push(await phases(generator, prompts, newTokens))
      }
      const rates = {
        batch,
        prefill: rate(
          batch * promptTokens,
          times.map((time) => time.prefill),
        ),
        decode: rate(
          batch * (newTokens - 1),
          times.map((time) => time.decode),
        ),
      }
      made.push(rates)
      note(
        `${decode}, batch ${batch}: prefill ${rates.prefill.best.toFixed(0)}, new ${rates.decode.best.toFixed(1)} tokens/s`,
      )
    }
    const shared = tokens(candidates.shared)
    const sampling = { ...greedy, temperature: 0.7, topP: 0.95, maxNewTokens: candidates.new }
    const times: number[] = []
    for (let round = 0; round < Math.min(rounds, 3); round++) {
      const prompts = Array.from({ length: candidates.count }, () => [...shared, ...tokens(candidates.own)])
      const started = performance.now()
      await generator.generate({ prompts, sampling })
      times.push(performance.now() - started)
    }
    const whole = rate(candidates.count * candidates.new, times)
    note(
      `${decode}, ${candidates.count} candidates behind ${candidates.shared} tokens: ${whole.best.toFixed(1)} tokens/s`,
    )
    const peakMemoryMB = process.resourceUsage().maxRSS / 1024
    return { decode, batches: made, candidates: { ...candidates, rate: whole }, peakMemoryMB }
  } finally {
    await generator.close()
  }
}

/** Prefill ends with the first token of the last sequence. */
async function phases(generator: Generator, prompts: readonly number[][], maxNewTokens: number) {
  const started = performance.now()
  const begun = new Set<number>()
  let first = started
  await generator.generate({ prompts, sampling: { ...greedy, maxNewTokens } }, undefined, ({ prompt }) => {
    if (begun.size < prompts.length && begun.add(prompt).size === prompts.length) first = performance.now()
  })
  return { prefill: first - started, decode: performance.now() - first }
}

function rate(tokens: number, times: readonly number[]): Summary {
  return mapSummary(summarize(times), (ms) => (1000 * tokens) / ms)
}
