/** The topology that a plan names: a known one, or a graph in a file. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { Topology } from '../../src/averaging/schedule.ts'
import { topologyByName } from '../../src/averaging/topologies/by-name.ts'
import { graphFromText } from '../../src/averaging/topologies/graph-file.ts'
import { inputError } from '../../src/core/errors.ts'

/** An absolute path is a graph. Its topology is named by its content, so that peers can compare. */
export async function openTopology(nameOrPath: string): Promise<Topology> {
  if (!isAbsolute(nameOrPath)) return topologyByName(nameOrPath)
  const text = await readFile(nameOrPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'topology.absent',
      `Cannot read ${nameOrPath}: expected a file with an edge list or GraphML, got ${error.code}`,
    )
  })
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return { ...graphFromText(text, nameOrPath), name: `graph-${digest}` }
}
