/** What a pre-training run leaves: an ordinary model directory, and beside its weights the story of how they were made. */
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { writeModel } from '../../src/nano/write-model.ts'
import { cutWeights, fullLayout } from '../../src/training/full-layout.ts'
import { tokensAfter } from '../../src/training/packed-text.ts'
import type { Checkpoint } from './checkpoint.ts'

/** The plan, how far it is carried out, and the curve. */
export function runDocument({ plan, state, curve, seconds }: Checkpoint) {
  const { config: _, ...numbers } = plan
  const updates = state.losses.length
  return {
    ...numbers,
    updates,
    steps: plan.stages.reduce((sum, stage) => sum + stage.updates, 0),
    tokens: tokensAfter(plan.stages, updates),
    seconds,
    curve,
  }
}

/** `folder` must not be there yet. */
export async function exportModel(folder: string, checkpoint: Checkpoint): Promise<void> {
  const { plan, state, tokenizer } = checkpoint
  const weights = cutWeights(fullLayout(plan.config), state.parameters)
  await writeModel(folder, plan.config, tokenizer, weights, 'bf16')
  await writeFile(join(folder, 'training.json'), `${JSON.stringify(runDocument(checkpoint), undefined, 1)}\n`)
}
