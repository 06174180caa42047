/** The topology that a plan names: a known one, or a graph in a file. */
import { createHash } from 'node:crypto'
import { readFile } from 'node:fs/promises'
import { isAbsolute } from 'node:path'
import type { Topology } from '../../src/averaging/schedule.ts'
import { topologyByName } from '../../src/averaging/topologies/by-name.ts'
import { graphFromEdgeList } from '../../src/averaging/topologies/graph.ts'
import { inputError } from '../../src/core/errors.ts'

/** An edge list of a complete graph of a thousand peers. */
const mostCharacters = 8 << 20

/** An absolute path is an edge list. Its topology is named by its content, so that peers can compare. */
export async function openTopology(nameOrPath: string): Promise<Topology> {
  if (!isAbsolute(nameOrPath)) return topologyByName(nameOrPath)
  const text = await readFile(nameOrPath, 'utf8').catch((error: NodeJS.ErrnoException) => {
    throw inputError(
      'topology.absent',
      `Cannot read ${nameOrPath}: expected a file with an edge list, got ${error.code}`,
    )
  })
  if (text.length > mostCharacters) {
    throw inputError(
      'topology.size',
      `Cannot read ${nameOrPath}: expected at most ${mostCharacters} characters, got ${text.length}`,
    )
  }
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  return { ...graphFromEdgeList(text, nameOrPath), name: `graph-${digest}` }
}
