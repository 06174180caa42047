/** The weights that a run begins with: those of a model directory, whether it was written or not. */
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

/** What `readWeights` would read of a model of these parameters, in the order of `fullLayout`. */
export function storedWeights(config: ModelConfig, parameters: Float32Array): Map<string, Float32Array> {
  return cutWeights(fullLayout(config), fromBfloat16(toBfloat16(parameters)))
}
