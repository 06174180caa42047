/**
 * ONNX Runtime maps plain float32; a GGUF file holds blocks. So its weights are written out once, as a safetensors
 * file with Hugging Face names, and mapped from there.
 */
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { FedpitError, localError } from '../../core/errors.ts'
import { sweepPartials } from '../../files/partial-files.ts'
import type { ModelConfig } from '../config.ts'
import { formatHfConfig } from '../hf-config.ts'
import { writeSafetensorsHeader } from '../safetensors.ts'
import { ggufConfig, ggufWeights } from './config.ts'
import { dequantise, uninterleaveHeads } from './dequantise.ts'
import type { Gguf } from './read.ts'

interface ConvertOptions {
  readonly signal?: AbortSignal
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Writes `model.safetensors` and, last of all, `config.json` into `folder`; a folder without it is unfinished. Each
 * writer has partial files of its own, so two that start together both succeed, and one that fails leaves none.
 */
export async function convertGguf(gguf: Gguf, folder: string, options: ConvertOptions = {}): Promise<void> {
  const config = await ggufConfig(gguf)
  const weights = ggufWeights(gguf, config)
  await mkdir(folder, { recursive: true })
  await sweepPartials(folder)
  const partial = join(folder, `${randomUUID()}.partial`)
  try {
    await writeWeights(gguf, config, weights, partial, options)
    await rename(partial, join(folder, 'model.safetensors'))
    await writeFile(partial, `${JSON.stringify(formatHfConfig(config), null, 2)}\n`)
    await rename(partial, join(folder, 'config.json'))
  } catch (error) {
    if (error instanceof FedpitError || options.signal?.aborted) throw error
    throw localError(
      'checkpoint.cache',
      `Cannot write the float32 form of ${gguf.path} into ${folder}: ${error instanceof Error ? error.message : error}`,
      { path: gguf.path, folder },
      error,
    )
  } finally {
    await rm(partial, { force: true })
  }
}

async function writeWeights(
  gguf: Gguf,
  config: ModelConfig,
  weights: ReturnType<typeof ggufWeights>,
  path: string,
  { signal, onProgress }: ConvertOptions,
): Promise<void> {
  await using file = await open(path, 'wx')
  // `appendFile` writes on until all is written; a single `write` may stop early on a disk that is nearly full.
  await file.appendFile(
    writeSafetensorsHeader(weights.map(({ name, tensor }) => ({ name, dtype: 'F32', shape: tensor.shape }))),
  )
  for (const [i, { name, tensor }] of weights.entries()) {
    signal?.throwIfAborted()
    let values = await dequantise(gguf, tensor)
    const heads = name.includes('.q_proj.') ? config.heads : name.includes('.k_proj.') ? config.kvHeads : 0
    if (heads > 0 && config.family === 'llama') values = uninterleaveHeads(values, heads, config.headDim)
    await file.appendFile(Buffer.from(values.buffer))
    onProgress?.(i + 1, weights.length)
  }
  await file.sync()
}
