/**
 * A topology that lies in a file, as an edge list or as GraphML. The peers of a session take the graph's places by a draw
 * that they share, anew each session; places that stay empty are left out with their edges.
 */
import { inputError } from '../../core/errors.ts'
import type { Topology } from '../schedule.ts'
import { linksFromEdgeList } from './edge-list.ts'
import { graph, type Link, metropolisRound } from './graph.ts'
import { linksFromGraphMl } from './graphml.ts'
import { cycle, endless } from './kinds.ts'

/** An edge list of a complete graph of a thousand peers. */
const mostCharacters = 8 << 20

/** `name` is for messages and the topology's name. Several graphs are time-varying: one a round, in turn. */
export function graphFromText(text: string, name: string): Topology {
  if (text.length > mostCharacters) {
    const expected = `expected at most ${mostCharacters} characters, got ${text.length}`
    throw inputError('topology.size', `Cannot read ${name}: ${expected}`)
  }
  const graphs = text.trimStart().startsWith('<') ? [linksFromGraphMl(text, name)] : linksFromEdgeList(text, name)
  const [only, ...more] = graphs
  const among = (links: readonly Link[], n: number) => links.filter(([a, b]) => a < n && b < n)
  if (only !== undefined && more.length === 0) return graph({ name: `graph:${name}`, links: (n) => among(only, n) })
  return endless({
    name: `graph:${name}`,
    schedule: (n) => cycle(graphs.map((links) => metropolisRound(among(links, n)))),
  })
}
