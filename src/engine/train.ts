/** A training request, from text to a trained adapter. */
import { setImmediate } from 'node:timers/promises'
import { inputError } from '../core/errors.ts'
import { adapterLayout } from '../lora/layout.ts'
import { truncateSample } from '../training/token-sample.ts'
import { createTrainer } from '../training/trainer.ts'
import { sampleData } from '../training/training-data.ts'
import type { StepEvent, TrainRequest, TrainResult } from './contract.ts'
import { encodeSample } from './encode.ts'
import type { OpenModel } from './open-model.ts'

export async function train(
  model: OpenModel,
  { samples, init, options, resume, checkpointEvery, pauseAfterMs = Number.POSITIVE_INFINITY }: TrainRequest,
  signal?: AbortSignal,
  onStep?: (event: StepEvent) => void,
): Promise<TrainResult> {
  const { checkpoint, tokenizer } = model
  const { maxPositions } = checkpoint.config
  const { maxTokens, trainable } = options
  if (!Number.isSafeInteger(maxTokens) || maxTokens < 2 || maxTokens > maxPositions + 1) {
    throw inputError(
      'training.options',
      `Cannot train: expected maxTokens to be an integer from 2 to ${maxPositions + 1}, got ${maxTokens}`,
    )
  }
  const { factors, total } = adapterLayout(init.config, checkpoint.config)
  if (init.parameters.length !== total) {
    throw inputError(
      'lora.length',
      `Cannot train an adapter: expected ${total} parameters, got ${init.parameters.length}`,
    )
  }
  const whole = samples.map((sample) => encodeSample(tokenizer, sample))
  const cut = whole.map((sample) => truncateSample(sample, maxTokens))
  const step = await model.trainStep(init.config, options)
  const data = sampleData(cut, options)
  const trainer = createTrainer({
    data,
    init: init.parameters,
    trained: factors.filter(({ part }) => trainable.includes(part)),
    options,
    gradientStep: (batch, parameters, seed) => step.step(batch, parameters, seed),
    ...(resume === undefined ? {} : { resume }),
  })
  const until = performance.now() + pauseAfterMs
  while (!trainer.done()) {
    // An abort arrives as a message: the event loop must turn before the signal is read.
    await setImmediate()
    signal?.throwIfAborted()
    const made = await trainer.step()
    const due = checkpointEvery !== undefined && made.step % checkpointEvery === 0
    onStep?.(due ? { ...made, checkpoint: trainer.state() } : made)
    if (performance.now() >= until) break
  }
  const state = trainer.state()
  const truncated = cut.filter((sample, i) => sample !== whole[i]).length
  const adapter = { config: init.config, parameters: state.parameters }
  const paused = trainer.done() ? {} : { paused: state }
  return { adapter, losses: state.losses, tokens: data.tokens, truncated, ...paused }
}
