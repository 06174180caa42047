/**
 * A lock between processes. SQLite's lock on a file is the operating system's: it ends with its process, however that ends,
 * and of those that come at once one gets it. A file that names its process has neither: all who find it after a kill take
 * it for stale together (docs/log.md).
 */
import { DatabaseSync } from 'node:sqlite'
import { localError } from '../core/errors.ts'

/** SQLITE_BUSY (https://sqlite.org/rescode.html#busy). */
const busy = 5

/**
 * Gives what lets go of it; undefined where somebody else has it, in this process or another. The file stays, as others may
 * have it open. Throws `files.lock` where there can be none.
 */
export function lockFile(path: string): (() => void) | undefined {
  let file: DatabaseSync | undefined
  try {
    file = new DatabaseSync(path)
    file.exec('BEGIN EXCLUSIVE')
  } catch (error) {
    file?.close()
    const { errcode, message } = error as Error & { errcode?: number }
    if (errcode === busy) return undefined
    throw localError('files.lock', `Cannot lock ${path}: expected a file that can be written, got "${message}"`)
  }
  return () => file.close()
}
