/**
 * One home, one experiment: what a home keeps (rounds done, the adapter they ended with, journals) means nothing to another
 * one. Had it another seed, the old B would be put on a new A, and be taken for an adapter of this federation.
 */
import { z } from 'zod'
import { inputError } from '../../src/core/errors.ts'
import type { Store } from '../kernel/ports.ts'

/** What an adapter that was learned belongs to. The number of rounds is not part of it: more can be asked for later. */
export interface Experiment {
  readonly federation: string
  readonly seed: string
  /** Fingerprint. */
  readonly model: string
  /** Digest of the adapter's layout. */
  readonly layout: string
  readonly factors: string
  readonly outer: string
  readonly timing: string
}

const recordSchema = z.record(z.string(), z.string())
const key = 'experiment'

/** A new home begins it. Throws `home.experiment`, naming what differs, where the home began another one. */
export async function claimExperiment(store: Store, home: string, experiment: Experiment): Promise<void> {
  const record = await store.read(key)
  if (record === undefined) {
    await store.write(key, new TextEncoder().encode(JSON.stringify(experiment)))
    return
  }
  const began = recordSchema.parse(JSON.parse(new TextDecoder().decode(record)))
  for (const [name, value] of Object.entries(experiment)) {
    if (began[name] === value) continue
    throw inputError(
      'home.experiment',
      `Cannot use the home ${home}: expected ${name} ${began[name]} as when it began, got ${value}; another experiment needs another --home`,
      { name },
    )
  }
}
