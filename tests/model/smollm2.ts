/** The real model and its golden values. Tests that need them are skipped, saying so, where one of them is absent. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import type { Checkpoint } from '../../src/model/checkpoint.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import { goldenFolder } from '../golden/folder.ts'
import { cacheFolder, modelAbsent, modelPath } from '../golden/model-path.ts'

/**
 * Golden values of the real model: beside the others, or where the reference is kept. A folder that was asked for by
 * FEDPIT_GOLDEN is the only one: values from elsewhere would say nothing about it.
 */
const folders =
  process.env['FEDPIT_GOLDEN'] === undefined
    ? [goldenFolder, join(import.meta.dirname, '../../../shared/golden')]
    : [goldenFolder]
export const smollm2Golden = folders
  .map((folder) => join(folder, 'smollm2'))
  .find((folder) => existsSync(join(folder, 'adapter-qv8')))

/** Why tests with the real model are skipped; false where they run. */
export const skipReason: string | false =
  modelAbsent || (smollm2Golden === undefined && 'needs the golden values of SmolLM2: set FEDPIT_GOLDEN')

export function smollm2(): Promise<Checkpoint> {
  return openCheckpoint(modelPath, cacheFolder)
}
