/**
 * The store on disk. A value is replaced whole: written to a temporary file, synced, renamed, and the folder synced,
 * so that a kill at any instruction leaves the old value or the new one. A log grows by records with length and
 * checksum; what a kill tore off at its end is cut away when the store is opened, and a log that is damaged before its
 * end is refused.
 */
import { mkdir, open, readdir, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { inputError, localError } from '../../src/core/errors.ts'
import { syncedWrite, syncFolder } from '../../src/files/durable.ts'
import type { Store } from '../kernel/ports.ts'
import { decodeRecords, encodeRecord } from './log-record.ts'

/** Creates the folder where it is missing, and clears what an earlier kill left half written. */
export async function openDiskStore(folder: string): Promise<Store> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  for (const name of await readdir(folder)) {
    if (name.endsWith(temporary)) await rm(join(folder, name))
    // Cut before the first append: nothing may stand behind a torn record.
    if (name.endsWith('.log')) await cutTornTail(join(folder, name))
  }
  let writes = 0
  const replace = async (path: string, value: Uint8Array): Promise<void> => {
    writes += 1
    const fresh = `${path}.${writes}${temporary}`
    await syncedWrite(fresh, 'w', value)
    await rename(fresh, path)
    await syncFolder(folder)
  }
  const pathOf = (key: string, kind: 'value' | 'log'): string => join(folder, `${checkedKey(key)}.${kind}`)
  return {
    read: async (key) => readIfThere(pathOf(key, 'value')),
    write: async (key, value) => replace(pathOf(key, 'value'), value),
    async remove(key) {
      await rm(pathOf(key, 'value'), { force: true })
      await syncFolder(folder)
    },
    async append(log, record) {
      await syncedWrite(pathOf(log, 'log'), 'a', encodeRecord(record))
      await syncFolder(folder)
    },
    async readLog(log) {
      return decodeRecords((await readIfThere(pathOf(log, 'log'))) ?? new Uint8Array()).records
    },
    async replaceLog(log, records) {
      await replace(pathOf(log, 'log'), Buffer.concat(records.map(encodeRecord)))
    },
  }
}

const temporary = '.part'

/** Keys become file names: nothing in them may reach another folder. */
function checkedKey(key: string): string {
  if (/^[a-z0-9][a-z0-9._-]{0,127}$/i.test(key)) return key
  throw inputError('store.key', `Cannot use the store key "${key}": expected letters, digits, ".", "_" and "-"`)
}

async function cutTornTail(path: string): Promise<void> {
  const bytes = await readFile(path)
  const { records, end, damaged } = decodeRecords(bytes)
  if (damaged) {
    const text = `Cannot read ${path}: expected record ${records.length + 1} to be whole at byte ${end} of ${bytes.length}`
    throw localError('store.damaged', `${text}, and it is damaged with others behind it`, { path, end })
  }
  if (end === bytes.length) return
  const file = await open(path, 'r+')
  try {
    await file.truncate(end)
    await file.sync()
  } finally {
    await file.close()
  }
}

async function readIfThere(path: string): Promise<Uint8Array | undefined> {
  try {
    const bytes = await readFile(path)
    return new Uint8Array(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined
    throw error
  }
}
