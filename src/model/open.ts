/** A path to a model, whatever its form -> a checked checkpoint that ONNX Runtime can map. */
import { createHash } from 'node:crypto'
import { realpath, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { inputError } from '../core/errors.ts'
import type { Checkpoint } from './checkpoint.ts'
import { cachedFingerprint } from './fingerprint.ts'
import { convertGguf } from './gguf/convert.ts'
import { readGguf } from './gguf/read.ts'
import { openHfDirectory } from './hf-directory.ts'

export interface OpenOptions {
  readonly signal?: AbortSignal
  /** Tensors of a GGUF file written so far, on its first opening. */
  readonly onProgress?: (done: number, total: number) => void
}

/**
 * Opens a Hugging Face directory or a GGUF file. `cacheFolder` keeps fingerprints and the float32 form of GGUF files.
 * Errors (`input`): an unknown family, a missing tensor, a wrong shape, a truncated or broken file.
 */
export async function openCheckpoint(
  path: string,
  cacheFolder: string,
  options: OpenOptions = {},
): Promise<Checkpoint> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'checkpoint.absent',
      `Cannot open ${path}: expected a model directory or a GGUF file, got ${error.code}`,
      { path },
    )
  })
  const real = await realpath(path)
  const folder = found.isDirectory() ? real : await expand(real, cacheFolder, options)
  const located = await openHfDirectory(folder)
  return { ...located, fingerprint: await cachedFingerprint(located, cacheFolder, options.signal) }
}

/** The folder with the float32 form of a GGUF file, written if it is not there. */
async function expand(path: string, cacheFolder: string, options: OpenOptions): Promise<string> {
  const { size, mtimeMs } = await stat(path)
  const key = createHash('sha256').update(`${path} ${size} ${mtimeMs}`).digest('hex').slice(0, 16)
  const folder = join(cacheFolder, 'expanded', key)
  const finished = await stat(join(folder, 'config.json')).then(
    () => true,
    () => false,
  )
  if (!finished) await convertGguf(await readGguf(path), folder, options)
  return folder
}
