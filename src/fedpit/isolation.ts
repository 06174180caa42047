/**
 * Parameter isolation (arXiv 2403.06131): the global adapter learns from synthetic data alone and is shared; the local
 * adapter learns from private data and stays.
 *
 * `trainGlobal` takes no private example, and cannot be given one by mistake: that is what keeps the promise.
 */
import type { Example } from '../data/example.ts'
import type { Engine, Prompt, StepEvent, TrainOptions } from '../engine/contract.ts'
import { type Adapter, asGlobal, asLocal, type GlobalAdapter, type LocalAdapter } from '../lora/adapter.ts'
import type { Parts } from '../lora/factoring.ts'

declare const synthetic: unique symbol
/** Examples that the model wrote. `asSynthetic` is called in one place, on what came out of self-generation. */
export type SyntheticExample = Example & { readonly [synthetic]: true }

export function asSynthetic(examples: readonly Example[]): SyntheticExample[] {
  return examples as SyntheticExample[]
}

export interface TrainingParts {
  readonly engine: Pick<Engine, 'train'>
  readonly promptOf: (example: Example) => Prompt
  readonly options: Omit<TrainOptions, 'trainable' | 'seed'>
  readonly seed: string
  readonly signal?: AbortSignal
  readonly onStep?: (event: StepEvent) => void
}

/** From (G, S) alone, these factors of it: the others are frozen and the same on every peer. */
export async function trainGlobal(
  init: GlobalAdapter,
  shared: Parts,
  examples: readonly SyntheticExample[],
  parts: TrainingParts,
): Promise<GlobalAdapter> {
  return asGlobal(await fit(init, examples, shared, parts))
}

/** Both factors: nothing of it is ever averaged. */
export async function trainLocal(
  init: Adapter,
  examples: readonly Example[],
  parts: TrainingParts,
): Promise<LocalAdapter> {
  return asLocal(await fit(init, examples, 'AB', parts))
}

async function fit(
  init: Adapter,
  examples: readonly Example[],
  trainable: TrainOptions['trainable'],
  { engine, promptOf, options, seed, signal, onStep }: TrainingParts,
): Promise<Adapter> {
  if (examples.length === 0) return init
  const samples = examples.map((example) => ({ prompt: promptOf(example), response: example.response }))
  const { adapter } = await engine.train({ samples, init, options: { ...options, trainable, seed } }, signal, onStep)
  return adapter
}
