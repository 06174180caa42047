/**
 * One round of one peer in mode `isolated`: what comes before the exchange, and what comes after it.
 *
 *   C  <- self-generation with base + G          L0 <- train(D, init G)
 *   S  <- selection of C by base + L0            W  <- train(S, init G)      shared
 *   G  <- mean of all peers' W                   L  <- train(D ∪ S, init G)  stays
 *
 * Whatever the filters leave, W is trained on S alone; where S is empty the peer has nothing to share. L begins at the
 * mean and not before it (as in Yu et al., arXiv 2002.04758), so that it has what the others brought to this round.
 */
import { createRandom } from '../core/random.ts'
import type { Example } from '../data/example.ts'
import type { Engine, StepEvent } from '../engine/contract.ts'
import type { GlobalAdapter, LocalAdapter } from '../lora/adapter.ts'
import type { Parts } from '../lora/factoring.ts'
import type { Rejection } from './filters.ts'
import type { FedPitSettings } from './hyper-parameters.ts'
import { asSynthetic, type TrainingParts, trainGlobal, trainLocal } from './isolation.ts'
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
  /** Of the model. */
  readonly maxPositions: number
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
  /** W, for the exchange. */
  readonly global: GlobalAdapter
  /** For the eyes of its owner only. */
  readonly synthetic: readonly Example[]
  readonly report: RoundReport
}

export async function isolatedRound(
  { examples, global, shared, settings, chat, seed }: RoundInput,
  parts: RoundParts,
): Promise<RoundResult> {
  const { engine, maxPositions, signal, onGenerating, onGenerated } = parts
  const promptOf = (example: Example) => trainingPrompt(example, chat)
  const training = (adapter: 'scorer' | 'global') => trainingOf(adapter, { settings, chat, seed }, parts)

  const { candidates, tried, rejected } = await selfGenerate(
    examples,
    settings.generator === 'base' ? undefined : global,
    {
      engine,
      settings,
      maxPositions,
      random: createRandom(`${seed}/self-generation`),
      ...(signal === undefined ? {} : { signal }),
      ...(onGenerating === undefined ? {} : { onProgress: onGenerating }),
    },
  )
  const selected = async (): Promise<readonly Example[]> => {
    if (settings.selection === 'none') return candidates.slice(0, settings.keep)
    const scorer = await trainLocal(global, examples, training('scorer'))
    return selectLowest(await instructionFollowingScores(candidates, scorer, engine, promptOf, signal), settings.keep)
  }
  const synthetic = asSynthetic(await selected())
  const left = candidates.length - synthetic.length
  const report: RoundReport = {
    tried,
    candidates: candidates.length,
    kept: synthetic.length,
    rejected: left === 0 ? rejected : { ...rejected, 'not-selected': left },
  }
  onGenerated?.(report)
  return { global: await trainGlobal(global, shared, synthetic, training('global')), synthetic, report }
}

/** `global` is what the round ended with. */
export interface PersonalInput extends Omit<RoundInput, 'shared'> {
  readonly synthetic: readonly Example[]
}

export interface PersonalParts extends Pick<RoundParts, 'onStep' | 'signal'> {
  readonly engine: Pick<Engine, 'train'>
}

/** After the exchange: the local adapter, which serves this peer. */
export async function personalise(
  { examples, synthetic, global, ...input }: PersonalInput,
  parts: PersonalParts,
): Promise<LocalAdapter> {
  const { training, localTraining } = input.settings
  const { epochs = training.epochs, learningRate = training.learningRate } = localTraining
  const settings = { ...input.settings, training: { ...training, epochs, learningRate } }
  return trainLocal(global, [...examples, ...synthetic], trainingOf('local', { ...input, settings }, parts))
}

function trainingOf(
  adapter: 'scorer' | 'global' | 'local',
  { settings, chat, seed }: Pick<RoundInput, 'settings' | 'chat' | 'seed'>,
  { engine, signal, onStep }: PersonalParts,
): TrainingParts {
  return {
    engine,
    promptOf: (example) => trainingPrompt(example, chat),
    options: settings.training,
    seed: `${seed}/${adapter}`,
    ...(signal === undefined ? {} : { signal }),
    ...(onStep === undefined ? {} : { onStep: (event: StepEvent) => onStep(adapter, event) }),
  }
}
