/**
 * GraphML (Brandes et al. 2001), as much of it as says who is linked with whom: nodes in the order of the file, and
 * undirected edges. What the exchange cannot carry (direction, hyperedges) and what nobody needs (a document type with
 * entities, graphs within graphs) is refused; data, keys and foreign elements are passed over.
 */
import { type FedpitError, inputError } from '../../core/errors.ts'
import { distinct, type Link } from './graph.ts'

/** Peer numbers have five digits in an edge list too. */
const mostNodes = 100_000

/** What is no tag: declarations, comments, text that may look like tags. */
const passedOver = [
  ['<?', '?>'],
  ['<!--', '-->'],
  ['<![CDATA[', ']]>'],
] as const
const tag = /<(\/?)(?:[\w.-]+:)?([\w.-]+)((?:\s+[\w.:-]+\s*=\s*(?:"[^"<]*"|'[^'<]*'))*)\s*(\/?)>/y
const attribute = /([\w.:-]+)\s*=\s*(?:"([^"]*)"|'([^']*)')/g

export function linksFromGraphMl(text: string, file: string): Link[] {
  const nodes = new Map<string, number>()
  const edges: [string, string][] = []
  let graphs = 0
  for (const { name, own } of elements(text, file)) {
    if (name === 'node') {
      const id = need(own, 'id', 'node', file)
      if (nodes.has(id)) throw broken(file, 'node', 'every id once', `${JSON.stringify(id)} twice`)
      nodes.set(id, nodes.size)
      if (nodes.size > mostNodes) throw broken(file, 'size', `at most ${mostNodes} nodes`, 'more')
    } else if (name === 'edge') {
      if (own.get('directed') === 'true') throw broken(file, 'directed', 'undirected edges', 'a directed one')
      edges.push([need(own, 'source', 'edge', file), need(own, 'target', 'edge', file)])
    } else if (name === 'graph') {
      graphs += 1
      if (graphs > 1) throw broken(file, 'graphs', 'one graph', 'another one')
      const direction = own.get('edgedefault')
      if (direction !== 'undirected')
        throw broken(file, 'directed', 'edgedefault="undirected"', JSON.stringify(direction))
    } else if (name === 'hyperedge') {
      throw broken(file, 'hyperedge', 'edges between two nodes', 'a hyperedge')
    }
  }
  const place = (id: string): number => {
    const index = nodes.get(id)
    if (index === undefined)
      throw broken(file, 'edge', 'an edge between nodes of the file', `node ${JSON.stringify(id)}`)
    return index
  }
  const links = edges.map(([source, target]): Link => {
    if (source === target) throw broken(file, 'edge', 'two different nodes', `${JSON.stringify(source)} twice`)
    return [place(source), place(target)]
  })
  if (links.length === 0) throw broken(file, 'empty', 'at least one edge', 'none')
  return distinct(links)
}

/** Opening tags in order; that they are closed in order too is known at the end. */
function* elements(text: string, file: string): Generator<{ name: string; own: Map<string, string> }> {
  const open: string[] = []
  let end = 0
  for (let at = text.indexOf('<'); at !== -1; at = text.indexOf('<', end)) {
    const other = passedOver.find(([begin]) => text.startsWith(begin, at))
    if (other !== undefined) {
      end = text.indexOf(other[1], at + other[0].length)
      if (end === -1) throw broken(file, 'xml', other[1], 'the end of the file')
      continue
    }
    tag.lastIndex = at
    const match = tag.exec(text)
    if (match === null) throw broken(file, 'xml', 'a tag', `${JSON.stringify(text.slice(at, at + 40))} at ${at}`)
    end = tag.lastIndex
    const [, closing, name = '', attributes = '', alone] = match
    if (closing === '/') {
      const last = open.pop()
      if (last !== name) throw broken(file, 'xml', last === undefined ? 'no end tag' : `</${last}>`, `</${name}>`)
      continue
    }
    if (open.length === 0 && name !== 'graphml') throw broken(file, 'xml', 'the element graphml', name)
    if (alone === '') open.push(name)
    const pairs = [...attributes.matchAll(attribute)]
    yield { name, own: new Map(pairs.map(([, key = '', double, single]) => [key, decoded(double ?? single ?? '')])) }
  }
  const last = open.pop()
  if (last !== undefined) throw broken(file, 'xml', `</${last}>`, 'the end of the file')
}

const entities = new Map(Object.entries({ amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" }))

/** The five entities that XML knows without a document type; another one stays as it is written, which names a node too. */
function decoded(value: string): string {
  return value.replace(/&(\w+);/g, (whole, name: string) => entities.get(name) ?? whole)
}

function need(own: ReadonlyMap<string, string>, key: string, name: string, file: string): string {
  const value = own.get(key)
  if (value === undefined) throw broken(file, name, `${name} with ${key}="..."`, 'one without')
  return value
}

function broken(file: string, code: string, expected: string, actual: string): FedpitError {
  return inputError(`topology.${code}`, `Cannot read ${file} as GraphML: expected ${expected}, got ${actual}`, { file })
}
