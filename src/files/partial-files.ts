/** Files that a writer was killed over: they lie beside what it would have become, and nobody goes on with them. */
import { readdir, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'

/** A writer that lives writes all the time. */
const abandonedMs = 3_600_000

/** Removes what nobody has written to for an hour, as far as that can be done. `now`: milliseconds since 1970. */
export async function sweepPartials(folder: string, now = Date.now()): Promise<void> {
  const names = await readdir(folder).catch(() => [])
  for (const name of names.filter((one) => one.endsWith('.partial'))) {
    const path = join(folder, name)
    const found = await stat(path).catch(() => undefined)
    if (found === undefined || now - found.mtimeMs < abandonedMs) continue
    await rm(path, { force: true }).catch(() => {})
  }
}
