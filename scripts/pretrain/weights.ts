/** The weights that a run begins with, and those that it leaves: of a model directory, whether it was written or not. */
import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fromBfloat16, toBfloat16 } from '../../src/core/bfloat16.ts'
import { inputError } from '../../src/core/errors.ts'
import type { ModelConfig } from '../../src/model/config.ts'
import { openHfDirectory } from '../../src/model/hf-directory.ts'
import { cutWeights, fullLayout } from '../../src/training/full-layout.ts'

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
 * What `readWeights` would read of the model that a run of these last parameters leaves, in the order of `fullLayout`. With
 * `init`, the mean of both: after practice it keeps more of where the run began (Wortsman et al., model soups, arXiv 2203.05482).
 */
export function leftWeights(
  config: ModelConfig,
  parameters: Float32Array,
  init: Float32Array | undefined,
): Map<string, Float32Array> {
  const end = stored(parameters)
  const left = init === undefined ? end : stored(end.map((value, i) => (value + (init[i] as number)) / 2))
  return cutWeights(fullLayout(config), left)
}

function stored(parameters: Float32Array): Float32Array {
  return fromBfloat16(toBfloat16(parameters))
}
