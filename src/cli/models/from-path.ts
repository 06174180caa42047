/** A model that is on this machine already -> a copy of it, or a link to it, in the home. */
import { createHash } from 'node:crypto'
import { constants, createReadStream } from 'node:fs'
import { copyFile, readdir, realpath, stat, symlink } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { inputError } from '../../core/errors.ts'
import { ggufConfig, ggufWeights } from '../../model/gguf/config.ts'
import { readGguf } from '../../model/gguf/read.ts'
import { openHfDirectory } from '../../model/hf-directory.ts'
import { openTokenizer } from '../../tokenizer/open.ts'
import { isModelFile, type PullContext, type PulledFile } from './source.ts'

/** `link` keeps the weights where they are. */
export async function pullFromPath(
  path: string,
  folder: string,
  link: boolean,
  { signal, onProgress }: PullContext,
): Promise<PulledFile[]> {
  await checkModel(path)
  const directory = (await stat(path)).isDirectory()
  const files = directory ? (await readdir(path)).filter(isModelFile).map((name) => join(path, name)) : [path]
  const pulled: PulledFile[] = []
  for (const file of files) {
    signal.throwIfAborted()
    const name = directory || file.endsWith('.gguf') ? basename(file) : `${basename(file)}.gguf`
    onProgress(link ? 'Linking' : 'Copying', name)
    const real = await realpath(file)
    if (link) await symlink(real, join(folder, name))
    else await copyFile(real, join(folder, name), constants.COPYFILE_FICLONE)
    const hash = createHash('sha256')
    for await (const chunk of createReadStream(real, { signal })) hash.update(chunk as Buffer)
    pulled.push({ name, bytes: (await stat(real)).size, sha256: hash.digest('hex') })
  }
  return pulled
}

/** That the path opens as a model with a tokenizer: names, shapes and lengths, without reading the weights. */
export async function checkModel(path: string): Promise<void> {
  const found = await stat(path).catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'models.path',
      `Cannot import ${path}: expected "hub", "pip", a model directory or a GGUF file, got ${error.code}`,
      { path },
    )
  })
  if (found.isDirectory()) {
    await openHfDirectory(path)
  } else {
    const gguf = await readGguf(path)
    ggufWeights(gguf, await ggufConfig(gguf))
  }
  await openTokenizer(path)
}
