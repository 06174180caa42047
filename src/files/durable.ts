/** Files that outlast a power cut: whole, or as they were. */
import { open, rename } from 'node:fs/promises'
import { dirname } from 'node:path'

/** In the place of whatever is there. Only the owner can read it. */
export async function writeDurably(path: string, bytes: Uint8Array | string): Promise<void> {
  await syncedWrite(`${path}.part`, 'w', bytes)
  await rename(`${path}.part`, path)
  await syncFolder(dirname(path))
}

export async function syncedWrite(path: string, flags: 'w' | 'a', bytes: Uint8Array | string): Promise<void> {
  const file = await open(path, flags, 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is durable once its folder is. Windows cannot open a folder, and needs no sync for it. */
export async function syncFolder(folder: string): Promise<void> {
  if (process.platform === 'win32') return
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
