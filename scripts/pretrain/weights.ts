/** The weights that a run begins with, and those that it leaves: of a model directory, whether it was written or not. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBfloat16, toBfloat16 } from '../../src/core/bfloat16.ts'
import { inputError } from '../../src/core/errors.ts'
import { openHfDirectory } from '../../src/model/hf-directory.ts'
import { cutWeights, fullLayout } from '../../src/training/full-layout.ts'
import type { TrainState } from '../../src/training/trainer.ts'
import type { Checkpoint, Plan } from './checkpoint.ts'

/** By Hugging Face name. Errors (`input`): those of `openHfDirectory`; weights of another type than bfloat16. */
export async function readWeights(model: string): Promise<Map<string, Float32Array>> {
  const { folder, weights } = await openHfDirectory(model)
  const read = new Map<string, Float32Array>()
  for (const [name, { file, type, offset, bytes }] of weights) {
    if (type !== 'bf16')
      throw inputError('pretrain.weights', `Cannot go on from ${model}: tensor ${name}: expected bf16, got ${type}`)
    const content = await readFile(join(folder, file))
    // A copy: a weight may begin at an odd place of the file.
    const { buffer } = Uint8Array.from(content.subarray(offset, offset + bytes))
    read.set(name, fromBfloat16(new Uint16Array(buffer)))
  }
  return read
}

/**
 * What `readWeights` would read of the model that a run leaves, in the order of `fullLayout`. The mean of where a run of
 * practice began and where it came to (Wortsman et al., model soups, arXiv 2203.05482) keeps more of both.
 */
export function leftWeights({
  plan,
  state: { parameters },
  init,
}: Pick<Checkpoint, 'init'> & {
  readonly plan: Pick<Plan, 'config'>
  readonly state: Pick<TrainState, 'parameters'>
}): Map<string, Float32Array> {
  const end = stored(parameters)
  const left = init === undefined ? end : stored(end.map((value, i) => (value + (init[i] as number)) / 2))
  return cutWeights(fullLayout(plan.config), left)
}

function stored(parameters: Float32Array): Float32Array {
  return fromBfloat16(toBfloat16(parameters))
}
