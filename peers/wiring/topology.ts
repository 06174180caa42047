/** The topology that a plan names: a known one, or a graph in a file, which may be edited while the federation runs. */
import { createHash } from 'node:crypto'
import { isAbsolute } from 'node:path'
import type { Topology } from '../../src/averaging/schedule.ts'
import { topologyByName } from '../../src/averaging/topologies/by-name.ts'
import { graphFromText } from '../../src/averaging/topologies/graph-file.ts'
import { FedpitError } from '../../src/core/errors.ts'
import { readWholeText } from '../../src/files/read-whole.ts'
import type { PeerEventBody } from '../events.ts'

export interface TopologySource {
  /** What all peers must have in common to fit: the name, or that it is a graph in a file. */
  readonly term: string
  /** As it is now. Throws an input error where it cannot be used. */
  read(): Promise<Topology>
}

/** An absolute path is a graph, named by its content, so that peers can compare. */
export function topologySource(nameOrPath: string): TopologySource {
  if (isAbsolute(nameOrPath)) return { term: 'graph-file', read: () => readGraph(nameOrPath) }
  const topology = topologyByName(nameOrPath)
  return { term: topology.name, read: async () => topology }
}

/** Some million edges: it is read in every round. */
const graphFile = { area: 'topology', expected: 'a file with an edge list or GraphML', maxBytes: 64 << 20 }

async function readGraph(file: string): Promise<Topology> {
  return graphOf(await readWholeText(file, graphFile), file)
}

/** The graph of a file with this text. Throws an input error where it is none. */
export function graphOf(text: string, file: string): Topology {
  const digest = createHash('sha256').update(text).digest('hex').slice(0, 12)
  const edition = `graph-${digest}`
  return { ...graphFromText(text, file), name: edition, edition }
}

/** What to mix over in a round that begins now. */
export type TopologyOfRound = (round: number) => Promise<Topology>

/** Reads anew for every round. A file that cannot be used any more is told of, and what it held before stays. */
export async function followTopology(
  source: TopologySource,
  publish: (event: PeerEventBody) => void,
): Promise<TopologyOfRound> {
  let last = await source.read()
  return async (round) => {
    const next = await source.read().catch((error: unknown) => {
      if (!(error instanceof FedpitError) || error.family !== 'input') throw error
      publish({ type: 'warning', code: error.code, message: `Goes on with ${last.name}: ${error.message}` })
      return last
    })
    if (next.name !== last.name) publish({ type: 'topology', round, topology: next.name })
    last = next
    return next
  }
}
