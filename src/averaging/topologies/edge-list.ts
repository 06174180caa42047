/** Edge lists: two peer numbers a line, from 0; `#` begins a comment, a line of `---` another graph. */
import { inputError } from '../../core/errors.ts'
import { distinct, type Link } from './graph.ts'
import { mostRounds } from './kinds.ts'

/** A session would not come to more. */
const mostGraphs = mostRounds

export function linksFromEdgeList(text: string, file: string): Link[][] {
  const graphs: Link[][] = [[]]
  for (const [i, raw] of text.split(/\r?\n/).entries()) {
    const line = raw.replace(/#.*/, '').trim()
    if (line === '') continue
    if (line === '---') {
      graphs.push([])
      continue
    }
    const match = /^(\d{1,5})[\s,]+(\d{1,5})$/.exec(line)
    if (match === null || Number(match[1]) === Number(match[2])) {
      throw inputError(
        'topology.edge',
        `Cannot read ${file}:${i + 1}: expected two different peer numbers, got ${JSON.stringify(raw.slice(0, 60))}`,
        { file, line: i + 1 },
      )
    }
    graphs.at(-1)?.push([Number(match[1]), Number(match[2])])
  }
  const empty = graphs.findIndex((links) => links.length === 0)
  if (empty !== -1) {
    const where = graphs.length === 1 ? '' : ` in graph ${empty + 1}`
    throw inputError('topology.empty', `Cannot read ${file}: expected at least one edge${where}, got none`, { file })
  }
  if (graphs.length > mostGraphs) {
    const expected = `expected at most ${mostGraphs} graphs, got ${graphs.length}`
    throw inputError('topology.graphs', `Cannot read ${file}: ${expected}`, { file })
  }
  return graphs.map(distinct)
}
