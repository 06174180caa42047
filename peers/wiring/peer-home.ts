/**
 * A peer's home: the folder with all that is the peer's own and that no other peer ever sees. Its key, what it learnt
 * so far, its local adapter and its synthetic examples.
 */
import { randomBytes } from 'node:crypto'
import { existsSync } from 'node:fs'
import { mkdir, readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { inputError } from '../../src/core/errors.ts'
import type { Example } from '../../src/data/example.ts'
import { readExamples } from '../../src/data/read-examples.ts'
import { writeDurably } from '../../src/files/durable.ts'
import { lockFile } from '../../src/files/lock.ts'
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
  /** For the owner to look at, and for the local adapter. */
  keepSynthetic(round: number, examples: readonly Example[]): Promise<void>
  /** Those of the last round that had any kept; none before it. */
  newestSynthetic(): Promise<readonly Example[]>
  /** In PEFT's format, for the owner to serve. */
  keepAdapter(name: 'global' | 'local', adapter: Adapter, model: ModelConfig, baseModel: string): Promise<void>
  /** Lets another process use the home. */
  close(): void
}

/** Makes what is missing, and keeps others out: two processes with one identity would break both. */
export async function openPeerHome(folder: string): Promise<PeerHome> {
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const close = lockFile(join(folder, 'lock.db'))
  if (close === undefined)
    throw inputError('home.in-use', `Cannot use ${folder}: expected no other peer in it, got one that runs`)
  const contents = async () => ({ key: await keyOf(folder), store: await openDiskStore(join(folder, 'store')) })
  const { key, store } = await contents().catch((error: unknown) => {
    close()
    throw error
  })
  const synthetic = join(folder, 'synthetic')
  return {
    folder,
    key,
    store,
    async keepSynthetic(round, examples) {
      if (examples.length === 0) return
      await mkdir(synthetic, { recursive: true, mode: 0o700 })
      const file = join(synthetic, `round-${round}.jsonl`)
      const lines = examples.map((example) => `${JSON.stringify(example)}\n`)
      await writeDurably(file, lines.join(''))
    },
    async newestSynthetic() {
      const files = existsSync(synthetic) ? await readdir(synthetic) : []
      const rounds = files.flatMap((file) => /^round-(\d+)\.jsonl$/.exec(file)?.[1] ?? []).map(Number)
      if (rounds.length === 0) return []
      return (await readExamples(join(synthetic, `round-${Math.max(...rounds)}.jsonl`))).examples
    },
    keepAdapter: (name, adapter, model, baseModel) =>
      writePeftAdapter(join(folder, 'adapters', name), adapter, model, baseModel),
    close,
  }
}

/** Reads the key, or makes one that only the owner can read. Nobody else is in the home. */
async function keyOf(folder: string): Promise<Uint8Array> {
  const file = join(folder, 'key')
  if (!existsSync(file)) {
    await writeDurably(file, `${randomBytes(32).toString('hex')}\n`)
  }
  const text = (await readFile(file, 'utf8')).trim()
  if (!/^[0-9a-f]{64}$/.test(text)) {
    throw inputError('home.key', `Cannot read ${file}: expected 64 hex digits, got ${text.length} other characters`)
  }
  return Uint8Array.from(Buffer.from(text, 'hex'))
}
