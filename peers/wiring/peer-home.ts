/**
 * A peer's home: the folder with all that is the peer's own and that no other peer ever sees. Its key, what it learnt
 * so far, its local adapter and its synthetic examples.
 */
import { randomBytes } from 'node:crypto'
import { link, mkdir, readFile, rename, rm, unlink, writeFile } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { inputError } from '../../src/core/errors.ts'
import type { Example } from '../../src/data/example.ts'
import type { Adapter } from '../../src/lora/adapter.ts'
import { writePeftAdapter } from '../../src/lora/peft.ts'
import type { ModelConfig } from '../../src/model/config.ts'
import type { Store } from '../kernel/ports.ts'
import { openDiskStore } from './disk-store.ts'

export interface PeerHome {
  readonly folder: string
  /** Seed of the Ed25519 key, 32 bytes: its identity. */
  readonly key: Uint8Array
  readonly store: Store
  /** For the owner to look at. */
  keepSynthetic(round: number, examples: readonly Example[]): Promise<void>
  /** In PEFT's format, for the owner to serve. */
  keepAdapter(name: 'global' | 'local', adapter: Adapter, model: ModelConfig, baseModel: string): Promise<void>
  /** Lets another process use the home. */
  close(): Promise<void>
}

/** Makes what is missing, and keeps others out: two processes with one identity would break both. */
export async function openPeerHome(folder: string): Promise<PeerHome> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const lock = join(folder, 'lock')
  await takeLock(lock, folder)
  const close = async (): Promise<void> => {
    await rm(lock, { force: true })
    inUse.delete(resolve(folder))
  }
  const contents = async () => ({ key: await keyOf(folder), store: await openDiskStore(join(folder, 'store')) })
  const { key, store } = await contents().catch(async (error: unknown) => {
    await close()
    throw error
  })
  return {
    folder,
    key,
    store,
    async keepSynthetic(round, examples) {
      await mkdir(join(folder, 'synthetic'), { recursive: true, mode: 0o700 })
      const file = join(folder, 'synthetic', `round-${round}.jsonl`)
      const lines = examples.map((example) => `${JSON.stringify(example)}\n`)
      await writeFile(`${file}.part`, lines.join(''), { mode: 0o600 })
      await rename(`${file}.part`, file)
    },
    keepAdapter: (name, adapter, model, baseModel) =>
      writePeftAdapter(join(folder, 'adapters', name), adapter, model, baseModel),
    close,
  }
}

/** Reads the key, or makes one that only the owner can read. */
async function keyOf(folder: string): Promise<Uint8Array> {
  const file = join(folder, 'key')
  // A link appears whole or not at all, and never over a key that is there.
  const fresh = join(folder, `key.${process.pid}.part`)
  await writeFile(fresh, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
  try {
    await linked(fresh, file)
  } finally {
    await unlink(fresh)
  }
  const text = (await readFile(file, 'utf8')).trim()
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw inputError('home.key', `Cannot read ${file}: expected 64 hex digits, got ${text.length} other characters`)
  }
  return Uint8Array.from(Buffer.from(text, 'hex'))
}

/** Homes that this process uses. Its own number in any other lock is an earlier one's: in a container all have the same. */
const inUse = new Set<string>()

/** The lock names its process; that of a process that is gone (kill -9) does not count. */
async function takeLock(file: string, folder: string): Promise<void> {
  const home = resolve(folder)
  if (inUse.has(home)) throw inputError('home.in-use', `Cannot use ${folder}: this process already does`)
  inUse.add(home)
  // A link appears with its text or not at all: nobody takes a lock for stale because its number is not in it yet.
  const fresh = `${file}.${process.pid}.part`
  try {
    await writeFile(fresh, String(process.pid), { mode: 0o600 })
    while (!(await linked(fresh, file))) {
      const owner = Number(await readFile(file, 'utf8').catch(() => ''))
      if (owner > 0 && owner !== process.pid && isAlive(owner)) {
        throw inputError('home.in-use', `Cannot use ${folder}: expected no other peer in it, got process ${owner}`)
      }
      await rm(file, { force: true })
    }
  } catch (error) {
    inUse.delete(home)
    throw error
  } finally {
    await rm(fresh, { force: true })
  }
}

/** False where the file is there already. */
async function linked(from: string, file: string): Promise<boolean> {
  try {
    await link(from, file)
    return true
  } catch (error) {
    if (isCode(error, 'EEXIST')) return false
    throw error
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return isCode(error, 'EPERM')
  }
}

function isCode(error: unknown, code: string): boolean {
  return error instanceof Error && 'code' in error && error.code === code
}
