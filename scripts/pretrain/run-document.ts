/** What pre-training leaves: an ordinary model directory, and beside its weights the story of how they were made. */
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inputError } from '../../src/core/errors.ts'
import { writeModel } from '../../src/nano/write-model.ts'
import { tokensAfter } from '../../src/training/packed-text.ts'
import type { Checkpoint } from './checkpoint.ts'
import { leftWeights } from './weights.ts'

export type RunDocument = ReturnType<typeof runDocument>

/** The runs that made a model's weights, in order: its training.json. */
export interface Story {
  readonly runs: readonly RunDocument[]
}

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

/** `folder` must not be there yet; `earlier` are the runs before the one of this checkpoint. */
export async function exportModel(
  folder: string,
  checkpoint: Checkpoint,
  earlier: readonly RunDocument[],
): Promise<void> {
  const { plan, state, init, tokenizer } = checkpoint
  await writeModel(folder, plan.config, tokenizer, leftWeights(plan.config, state.parameters, init), 'bf16')
  const story: Story = { runs: [...earlier, runDocument(checkpoint)] }
  await writeFile(storyFile(folder), `${JSON.stringify(story, undefined, 1)}\n`)
}

/** Of a model that this program made. Throws `pretrain.story` where the file is not there or not such a one. */
export async function readStory(model: string): Promise<Story> {
  const file = storyFile(model)
  try {
    const { runs } = JSON.parse(await readFile(file, 'utf8'))
    if (Array.isArray(runs)) return { runs }
  } catch {}
  throw inputError('pretrain.story', `Cannot go on from ${model}: expected the log of its runs in ${file}, got none`)
}

function storyFile(model: string): string {
  return join(model, 'training.json')
}
