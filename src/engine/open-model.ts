/** Everything that is opened for one model: weights on disk, tokenizer, and the sessions that compute. */
import { basename } from 'node:path'
import { createGenerator, type Generator } from '../generation/generator.ts'
import type { LoraConfig } from '../lora/adapter.ts'
import type { Checkpoint } from '../model/checkpoint.ts'
import { openCheckpoint } from '../model/open.ts'
import { openTokenizer } from '../tokenizer/open.ts'
import type { Tokenizer } from '../tokenizer/tokenizer.ts'
import { sessionPool } from '../training/session-pool.ts'
import { createTrainStep, type TrainStep } from '../training/train-step.ts'
import type { ModelInfo, ModelReference, TrainOptions } from './contract.ts'
import { chooseDevice, type DeviceChecks } from './devices/choose.ts'

export interface OpenModel {
  readonly info: ModelInfo
  readonly checkpoint: Checkpoint
  readonly tokenizer: Tokenizer
  readonly generator: Generator
  /** Sessions for this kind of adapter; kept for the next request of the same kind. */
  trainStep(lora: LoraConfig, options: Pick<TrainOptions, 'trainable' | 'dropout'>): Promise<TrainStep>
  close(): Promise<void>
}

export interface OpenModelOptions {
  readonly cacheFolder: string
  readonly checks: DeviceChecks
}

/** A peer trains a global and a local adapter in turn, and scores with one of them. */
const keptTrainSteps = 2
/** Sessions a kind of adapter: one for each length that a training run is planned in, and its smaller batch. */
const keptSessions = 8

export async function openModel(
  reference: ModelReference,
  { cacheFolder, checks }: OpenModelOptions,
  signal?: AbortSignal,
): Promise<OpenModel> {
  const { device, decodeDevice, refused } = await chooseDevice(reference.device, checks)
  const checkpoint = await openCheckpoint(reference.path, cacheFolder, signal === undefined ? {} : { signal })
  const tokenizer = await openTokenizer(reference.path)
  const { threads, decode } = reference
  const generator = createGenerator(checkpoint, tokenizer, { decode, cacheFolder, device: decodeDevice, threads })
  const steps = sessionPool<TrainStep>(keptTrainSteps, (step) => step.release())
  return {
    info: {
      name: reference.name ?? basename(reference.path),
      fingerprint: checkpoint.fingerprint,
      config: checkpoint.config,
      device,
      refused,
      maxPositions: checkpoint.config.maxPositions,
      hasChatTemplate: tokenizer.hasChatTemplate,
    },
    checkpoint,
    tokenizer,
    generator,
    trainStep: (lora, { trainable, dropout }) =>
      steps.get(JSON.stringify([lora, trainable, dropout]), async () =>
        createTrainStep(checkpoint, lora, { trainable, dropout, device, threads, sessions: keptSessions }),
      ),
    close: async () => {
      await steps.clear()
      await generator.close()
    },
  }
}
