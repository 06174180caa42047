/** One process at a time gets a model of a name: peers that begin together on one machine would all download it. */
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { lockFile } from '../../files/lock.ts'
import type { Home } from '../home.ts'
import type { PullContext } from './source.ts'

const lookEveryMs = 200

/** Runs `body` once no other process gets that model, until `signal` aborts. */
export async function oneAtATime<T>(
  name: string,
  home: Home,
  { signal, onProgress }: PullContext,
  body: () => Promise<T>,
): Promise<T> {
  const folder = join(home.cache, 'locks')
  await mkdir(folder, { recursive: true })
  const path = join(folder, name)
  let unlock = lockFile(path)
  while (unlock === undefined) {
    onProgress(`Waiting for another process that gets ${name}`)
    await sleep(lookEveryMs, undefined, { signal })
    unlock = lockFile(path)
  }
  return body().finally(unlock)
}
