/**
 * The real model and its golden values. `FEDPIT_MODEL` names SmolLM2-135M-Instruct: the GGUF file that the values were
 * made from, or the folder with its float32 form. Without it, tests that need it say so and are skipped.
 */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import { goldenFolder } from '../golden/folder.ts'

const repository = join(import.meta.dirname, '../..')
const path = process.env['FEDPIT_MODEL']

/** Golden values of the real model: beside the others, or where the reference is kept. */
export const smollm2Golden = [join(goldenFolder, 'smollm2'), join(repository, '../shared/golden/smollm2')].find(
  (folder) => existsSync(folder),
)

/** Why tests with the real model are skipped; false where they run. */
export const skipReason: string | false =
  path === undefined
    ? 'SKIPPED: set FEDPIT_MODEL to SmolLM2-135M-Instruct (GGUF file or folder)'
    : smollm2Golden === undefined && 'SKIPPED: no golden values of SmolLM2 (set FEDPIT_GOLDEN)'

export function smollm2(): Promise<Checkpoint> {
  return openCheckpoint(path ?? '', join(repository, '.cache/tests'))
}
