/** Is there a place for what a command will write? Asked before the work, and not after it. */
import { access, constants, mkdir, stat } from 'node:fs/promises'
import { dirname, resolve } from 'node:path'
import { type FedpitError, inputError, localError } from '../core/errors.ts'

/** Makes the folder that `path` is to lie in. Throws an input error where a folder has that name already. */
export async function ensurePlace(path: string): Promise<void> {
  const found = await stat(path).catch(() => undefined)
  if (found?.isDirectory())
    throw inputError('cli.exists', `Cannot write ${path}: expected a name that is free, got that of a folder`)
  const folder = dirname(resolve(path))
  try {
    await mkdir(folder, { recursive: true })
    await access(folder, constants.W_OK)
  } catch (cause) {
    throw unwritable(path, cause)
  }
}

export function unwritable(path: string, cause: unknown): FedpitError {
  const got = cause instanceof Error ? cause.message : cause
  return localError(
    'cli.unwritable',
    `Cannot write ${path}: expected a folder that can be written to, got "${got}"`,
    {},
    cause,
  )
}
