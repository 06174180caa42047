/** The `Store` port in memory, for simulations. What was written outlives a kill; writes of a killed peer do not land. */
import { localError } from '../../src/core/errors.ts'
import type { Store } from '../kernel/ports.ts'

/** What a simulated machine has on disk. */
export interface MemoryDisk {
  readonly values: Map<string, Uint8Array>
  readonly logs: Map<string, Uint8Array[]>
}

export function createMemoryDisk(): MemoryDisk {
  return { values: new Map(), logs: new Map() }
}

export interface MemoryStoreOptions {
  /** Aborted when the peer is killed: from then on nothing is written. */
  readonly killed?: AbortSignal
  /** How long a write takes: lets it land at its end. Absent: it lands when whoever writes has gone on. */
  readonly later?: (land: () => void) => void
  /** While it is, nothing can be written; what is there can be read and removed. */
  readonly full?: () => boolean
}

export function openMemoryStore(disk: MemoryDisk, options: MemoryStoreOptions = {}): Store {
  const { killed, later = queueMicrotask, full = () => false } = options
  const change = (edit: () => void): Promise<void> =>
    new Promise((resolve, reject) =>
      later(() => {
        try {
          if (killed?.aborted) throw localError('store.killed', 'Cannot write: the peer was killed')
          edit()
          resolve()
        } catch (error) {
          reject(error)
        }
      }),
    )
  const land = (write: () => void): Promise<void> =>
    change(() => {
      if (full()) throw localError('store.full', 'Cannot write: expected room on the disk, got a full one')
      write()
    })
  return {
    read: async (key) => disk.values.get(key)?.slice(),
    write: (key, value) => land(() => disk.values.set(key, value.slice())),
    remove: (key) => change(() => disk.values.delete(key)),
    append(log, record) {
      const copy = record.slice()
      return land(() => {
        const records = disk.logs.get(log)
        if (records === undefined) disk.logs.set(log, [copy])
        else records.push(copy)
      })
    },
    readLog: async (log) => (disk.logs.get(log) ?? []).map((record) => record.slice()),
    replaceLog: (log, records) =>
      land(() =>
        disk.logs.set(
          log,
          records.map((record) => record.slice()),
        ),
      ),
  }
}
