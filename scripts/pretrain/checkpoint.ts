/** Where a pre-training run stands, in one file: what continues it to the same bits, and what tells its story. */
import { readFile, rename, writeFile } from 'node:fs/promises'
import { isDeepStrictEqual } from 'node:util'
import { deserialize, serialize } from 'node:v8'
import { inputError } from '../../src/core/errors.ts'
import type { ModelConfig } from '../../src/model/config.ts'
import type { Lesson } from '../../src/nano/corpus/lessons.ts'
import type { TokenizerFiles } from '../../src/tokenizer/tokenizer-files.ts'
import type { StageShape } from '../../src/training/packed-text.ts'
import type { TrainState } from '../../src/training/trainer.ts'
import type { PracticeShares } from './practice.ts'

export interface Stage extends StageShape {
  readonly lesson: Lesson
  /** Most rows of an update, beside its text, of what the model writes itself, to lists and to tasks: see practice.ts. */
  readonly practice?: number
  readonly answers?: number
}

/** What decides the numbers of a run: none of it may change while the run goes on. */
export interface Plan {
  readonly config: ModelConfig
  readonly seed: string
  readonly stages: readonly Stage[]
  readonly learningRate: number
  readonly warmupSteps: number
  readonly cosineSteps: number
  readonly cooldownSteps: number
  readonly weightDecay: number
  readonly beta2: number
  readonly clipNorm: number
  /** Whether the run leaves the mean of the weights that it began with and those that it came to: see weights.ts. */
  readonly average?: true
  readonly device: string
  /** sha256 (hex) of the first update's token ids: another corpus or tokenizer would give others. */
  readonly text: string
}

export interface CurvePoint {
  readonly step: number
  /** Trained on so far. */
  readonly tokens: number
  /** Of all parts of the run, without the time in between. */
  readonly seconds: number
  /** Mean over the updates since the last point of all that is minimised: text, in nats a token, and practice. */
  readonly loss: number
  /** Of text from families, trades and words that training never sees. */
  readonly heldOut: number
  /** Where it practised: the share of its lines that were new and right, since the last point. */
  readonly right?: number
  /** Where it practised answers: the share of right ones. */
  readonly answered?: number
}

export interface Checkpoint {
  readonly plan: Plan
  readonly tokenizer: TokenizerFiles
  readonly state: TrainState
  /** What it began with, where its end is the mean of both. */
  readonly init?: Float32Array
  /** Of each update; undefined where it did not practise. */
  readonly practised: readonly (PracticeShares | undefined)[]
  readonly curve: readonly CurvePoint[]
  readonly seconds: number
}

/** A kill in the middle leaves the old file or the new one, never half of one. */
export async function writeCheckpoint(file: string, checkpoint: Checkpoint): Promise<void> {
  const partial = `${file}.partial`
  await writeFile(partial, serialize(checkpoint), { flush: true })
  await rename(partial, file)
}

/** Undefined where there is none yet. Read only what `writeCheckpoint` wrote on this machine: its fields are not checked. */
export async function readCheckpoint(file: string): Promise<Checkpoint | undefined> {
  let bytes: Buffer
  try {
    bytes = await readFile(file)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
  return deserialize(bytes)
}

/** Throws `pretrain.plan`, naming what differs, where a checkpoint belongs to another run. */
export function checkPlan(saved: Plan, plan: Plan): void {
  for (const name of Object.keys(plan) as (keyof Plan)[]) {
    if (isDeepStrictEqual(saved[name], plan[name])) continue
    const [expected, actual] = [JSON.stringify(saved[name]), JSON.stringify(plan[name])]
    throw inputError(
      'pretrain.plan',
      `Cannot resume this run: expected ${name} ${expected} as in its checkpoint, got ${actual}`,
    )
  }
}
