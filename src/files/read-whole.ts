/** A file that somebody else wrote, read whole, but never more of it than a file of its kind can need. */
import { open } from 'node:fs/promises'
import { inputError } from '../core/errors.ts'

export interface FileKind {
  /** Begins the codes of errors: `AREA.absent`, `AREA.size`. */
  readonly area: string
  /** In words, as in "expected a YAML file". */
  readonly expected: string
  readonly maxBytes: number
}

/** Throws an input error where there is no file or a larger one. */
export async function readWhole(path: string, { area, expected, maxBytes }: FileKind): Promise<Buffer> {
  const absent = (got: string | undefined) =>
    inputError(`${area}.absent`, `Cannot read ${path}: expected ${expected}, got ${got}`, { path })
  const tooLarge = (got: string) =>
    inputError(`${area}.size`, `Cannot read ${path}: expected at most ${maxBytes} bytes, got ${got}`, { path })
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    throw absent(error.code)
  })
  try {
    const found = await file.stat()
    if (found.isDirectory()) throw absent('a folder')
    if (found.size > maxBytes) throw tooLarge(`${found.size}`)
    // A pipe tells no size, and a file may grow meanwhile.
    const parts: Buffer[] = []
    for await (const part of file.createReadStream({ end: maxBytes, autoClose: false })) parts.push(part)
    const bytes = Buffer.concat(parts)
    if (bytes.length > maxBytes) throw tooLarge('more')
    return bytes
  } finally {
    await file.close()
  }
}

export const readWholeText = async (path: string, kind: FileKind): Promise<string> =>
  (await readWhole(path, kind)).toString('utf8')
