/**
 * What a peer is after a kill: rounds completed, and the global adapter they ended with. The record that points to it is
 * written after it, so it never points to nothing. The local adapter follows from it (`personalising`).
 */
import { z } from 'zod'
import { localError } from '../../src/core/errors.ts'
import type { Store } from '../kernel/ports.ts'
import type { GlobalCodec, GlobalState } from './global-state.ts'

const progressSchema = z.strictObject({ completed: z.int().min(0), digest: z.string().regex(/^[0-9a-f]{64}$/) })

export interface SavedState {
  readonly completed: number
  readonly global: GlobalState
}

/** A peer that never ran begins with the federation's start. */
export async function loadState(store: Store, codec: GlobalCodec): Promise<SavedState> {
  const record = await store.read('progress')
  if (record === undefined) return { completed: 0, global: codec.start() }
  const { completed, digest } = progressSchema.parse(JSON.parse(new TextDecoder().decode(record)))
  const start = codec.start()
  const bytes = digest === start.digest ? start.bytes : await store.read(adapterKey(digest))
  if (bytes === undefined) {
    throw localError('state.missing', `Cannot go on from round ${completed}: its adapter ${digest} is not in the store`)
  }
  return { completed, global: codec.decode(bytes) }
}

/** Before the round's end is announced or recorded. */
export async function saveGlobal(store: Store, { digest, bytes }: GlobalState): Promise<void> {
  await store.write(adapterKey(digest), bytes)
}

/** Makes `digest` the adapter that `completed` rounds ended with, and lets the one before go. */
export async function saveProgress(store: Store, completed: number, digest: string): Promise<void> {
  const before = await store.read('progress')
  await store.write('progress', new TextEncoder().encode(JSON.stringify({ completed, digest })))
  if (before === undefined) return
  const old = progressSchema.parse(JSON.parse(new TextDecoder().decode(before)))
  if (old.digest !== digest) await store.remove(adapterKey(old.digest))
}

function adapterKey(digest: string): string {
  return `global-${digest}`
}
