/**
 * One file of a repository -> disk. What arrives is appended to NAME.partial, so that a stopped download goes on where
 * it was; the file gets its name when its digest is right, and not before.
 */
import { createHash } from 'node:crypto'
import { createReadStream, existsSync } from 'node:fs'
import { open, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { localError } from '../../core/errors.ts'
import type { PulledFile } from './source.ts'

export interface RemoteFile {
  readonly name: string
  readonly bytes: number
  /** As the Hub says it: sha256 of large files, git's blob id (sha1) of the others. */
  readonly digest: { readonly algorithm: 'sha256' | 'git'; readonly hex: string }
}

/** `from(offset)` streams the file's bytes from there on. */
export async function download(
  file: RemoteFile,
  folder: string,
  from: (offset: number) => Promise<ReadableStream<Uint8Array>>,
  onBytes: (bytes: number) => void,
): Promise<PulledFile> {
  const path = join(folder, file.name)
  // A file under its own name was checked before it got it; its digest is computed again for the record.
  const finished = existsSync(path)
  const place = finished ? path : `${path}.partial`
  if (!finished && (await sizeOf(place)) > file.bytes) await rm(place)
  const have = await sizeOf(place)
  const sha256 = createHash('sha256')
  const git = createHash('sha1').update(`blob ${file.bytes}\0`)
  const feed = (bytes: Uint8Array): void => {
    sha256.update(bytes)
    git.update(bytes)
    onBytes(bytes.length)
  }
  if (have > 0) for await (const chunk of createReadStream(place)) feed(chunk as Buffer)
  if (have < file.bytes) {
    await using out = await open(place, 'a')
    for await (const chunk of await from(have)) {
      await out.appendFile(chunk)
      feed(chunk)
    }
    await out.sync()
  }
  const arrived = await sizeOf(place)
  const digests = { sha256: sha256.digest('hex'), git: git.digest('hex') }
  const actual = digests[file.digest.algorithm]
  if (arrived !== file.bytes || actual !== file.digest.hex) {
    await rm(place, { force: true })
    throw localError(
      'models.checksum',
      `Cannot keep ${file.name}: expected ${file.bytes} bytes with digest ${file.digest.hex}, got ${arrived} with ${actual}`,
      { file: file.name },
    )
  }
  if (!finished) await rename(place, path)
  return { name: file.name, bytes: file.bytes, sha256: digests.sha256 }
}

async function sizeOf(path: string): Promise<number> {
  return stat(path).then(
    ({ size }) => size,
    () => 0,
  )
}
