/**
 * What peers compare to know that they hold the same base model: sha256 over the configuration and every weight's
 * name, type, shape and bytes, in the order of the names. It does not depend on how the weights are spread over files.
 */
import { createHash, randomUUID } from 'node:crypto'
import { createReadStream } from 'node:fs'
import { mkdir, readFile, rename, stat, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ModelFiles } from './checkpoint.ts'

async function fingerprint({ folder, config, weights }: ModelFiles, signal?: AbortSignal): Promise<string> {
  const hash = createHash('sha256').update(canonical(config))
  for (const [name, { type, shape, file, offset, bytes }] of [...weights].sort(([a], [b]) => (a < b ? -1 : 1))) {
    hash.update(`\n${name} ${type} [${shape}]\n`)
    const stream = createReadStream(join(folder, file), {
      start: offset,
      end: offset + bytes - 1,
      highWaterMark: 4 << 20,
      ...(signal === undefined ? {} : { signal }),
    })
    for await (const chunk of stream) hash.update(chunk as Buffer)
  }
  return hash.digest('hex')
}

/** The same, remembered under `cacheFolder` for as long as the files' sizes and times stay as they are. */
export async function cachedFingerprint(
  located: ModelFiles,
  cacheFolder: string,
  signal?: AbortSignal,
): Promise<string> {
  const key = createHash('sha256').update(canonical(located.config))
  for (const file of new Set([...located.weights.values()].map((weight) => weight.file))) {
    const { size, mtimeMs } = await stat(join(located.folder, file))
    key.update(`\n${located.folder} ${file} ${size} ${mtimeMs}`)
  }
  const path = join(cacheFolder, 'fingerprints', key.digest('hex').slice(0, 32))
  const known = await readFile(path, 'utf8').catch(() => '')
  if (/^[0-9a-f]{64}$/.test(known)) return known
  const found = await fingerprint(located, signal)
  await mkdir(join(cacheFolder, 'fingerprints'), { recursive: true })
  const partial = `${path}.${randomUUID()}`
  await writeFile(partial, found)
  await rename(partial, path)
  return found
}

/** JSON with sorted keys. */
function canonical(value: unknown): string {
  if (typeof value !== 'object' || value === null) return JSON.stringify(value) ?? 'null'
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1))
  return `{${entries.map(([key, inner]) => `${JSON.stringify(key)}:${canonical(inner)}`).join(',')}}`
}
