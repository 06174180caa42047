/**
 * One round of one peer in mode `isolated`, up to the exchange:
 *
 *   C  <- self-generation with base + G          L0 <- train(D, init G)
 *   S  <- selection of C by base + L0            W  <- train(S, init G)      shared
 *                                                L  <- train(D ∪ S, init L0) stays
 *
 * Whatever the filters leave, W is trained on S alone; where S is empty the peer has nothing to share.
 */
import { createRandom } from '../core/random.ts'
import type { Example } from '../data/example.ts'
import type { Engine, StepEvent } from '../engine/contract.ts'
import { asLocal, type GlobalAdapter, type LocalAdapter } from '../lora/adapter.ts'
import type { Parts } from '../lora/factoring.ts'
import type { Rejection } from './filters.ts'
import type { FedPitSettings } from './hyper-parameters.ts'
import { asSynthetic, trainGlobal, trainLocal } from './isolation.ts'
import { trainingPrompt } from './prompts.ts'
import { instructionFollowingScores, selectLowest } from './selection.ts'
import { selfGenerate } from './self-generation.ts'

export interface RoundInput {
  /** The private examples; what is held out is not among them. */
  readonly examples: readonly Example[]
  readonly global: GlobalAdapter
  /** Factors of it that are trained and shared. */
  readonly shared: Parts
  readonly settings: FedPitSettings
  /** Does the model have a chat template? Then training and scoring go through it. */
  readonly chat: boolean
  readonly seed: string
}

export interface RoundParts {
  readonly engine: Pick<Engine, 'generate' | 'score' | 'tokenize' | 'train'>
  readonly signal?: AbortSignal
  readonly onGenerating?: (accepted: number, wanted: number) => void
  /** Once, when generation and selection are over. */
  readonly onGenerated?: (report: RoundReport) => void
  readonly onStep?: (adapter: 'scorer' | 'global' | 'local', event: StepEvent) => void
}

export interface RoundReport {
  /** Instructions that the model wrote; of them, candidates that passed the filters; of those, examples kept. */
  readonly tried: number
  readonly candidates: number
  readonly kept: number
  /** `not-selected` is a candidate that selection left out. */
  readonly rejected: Readonly<Partial<Record<Rejection | 'not-selected', number>>>
}

export interface RoundResult {
  readonly global: GlobalAdapter
  readonly local: LocalAdapter
  /** For the eyes of its owner only. */
  readonly synthetic: readonly Example[]
  readonly report: RoundReport
}

export async function isolatedRound(
  { examples, global, shared, settings, chat, seed }: RoundInput,
  { engine, signal, onGenerating, onGenerated, onStep }: RoundParts,
): Promise<RoundResult> {
  const promptOf = (example: Example) => trainingPrompt(example, chat)
  const training = (adapter: 'scorer' | 'global' | 'local') => ({
    engine,
    promptOf,
    options: settings.training,
    seed: `${seed}/${adapter}`,
    ...(signal === undefined ? {} : { signal }),
    ...(onStep === undefined ? {} : { onStep: (event: StepEvent) => onStep(adapter, event) }),
  })

  const { candidates, tried, rejected } = await selfGenerate(examples, global, {
    engine,
    settings,
    random: createRandom(`${seed}/self-generation`),
    ...(signal === undefined ? {} : { signal }),
    ...(onGenerating === undefined ? {} : { onProgress: onGenerating }),
  })
  const needsScorer = settings.selection === 'ifs' || settings.localInit === 'continue'
  const scorer = needsScorer ? await trainLocal(global, examples, training('scorer')) : asLocal(global)
  const synthetic = asSynthetic(
    settings.selection === 'ifs'
      ? selectLowest(await instructionFollowingScores(candidates, scorer, engine, promptOf, signal), settings.keep)
      : candidates.slice(0, settings.keep),
  )
  const left = candidates.length - synthetic.length
  const report: RoundReport = {
    tried,
    candidates: candidates.length,
    kept: synthetic.length,
    rejected: left === 0 ? rejected : { ...rejected, 'not-selected': left },
  }
  onGenerated?.(report)

  const update = await trainGlobal(global, shared, synthetic, training('global'))
  const init = settings.localInit === 'continue' ? scorer : global
  const local = await trainLocal(init, [...examples, ...synthetic], training('local'))
  return { global: update, local, synthetic, report }
}
