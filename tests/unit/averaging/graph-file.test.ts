import assert from 'node:assert/strict'
import test from 'node:test'
import { graphFromText } from '../../../src/averaging/topologies/graph-file.ts'

const links = (text: string, n = 10) =>
  graphFromText(text, 'g')
    .schedule(
      n,
      '',
    )(0)
    .map(({ a, b }) => `${a}-${b}`)

const graphMl = (inside: string, edgedefault = 'undirected') => `<?xml version="1.0" encoding="UTF-8"?>
<!-- made by hand: <edge source="x" target="y"/> -->
<graphml xmlns="http://graphml.graphdrawing.org/xmlns">
  <key id="w" for="edge" attr.name="weight" attr.type="double"/>
  <graph id='G' edgedefault="${edgedefault}">${inside}</graph>
</graphml>`
const nodes = '<node id="a"/><node id="b &amp; c"><data key="w"><![CDATA[<node id="z"/>]]></data></node><node id="d"/>'

test('graphFromText() reads an edge list: comments, blank lines, commas, either direction, twice the same', () => {
  assert.deepEqual(links('# all\n2 0\n0,1 # one\r\n\n1 0\n'), ['0-2', '0-1'])
})

test('graphFromText() leaves out the places that stay empty, with their edges', () => {
  assert.deepEqual(links('0 1\n1 2\n2 3\n', 3), ['0-1', '1-2'])
  assert.deepEqual(graphFromText('4 5\n', 'g').rounds(3, ''), [])
})

test('graphFromText() takes the graphs between --- lines in turn', () => {
  const schedule = graphFromText('0 1\n---\n1 2\n0 2\n', 'g').schedule(3, '')
  assert.deepEqual(
    [0, 1, 2, 3].map((t) => schedule(t).length),
    [1, 2, 1, 2],
  )
})

test('graphFromText() reads GraphML: nodes in the order of the file, entities, comments, data, prefixes', () => {
  const edges = '<edge source="a" target="d"/><edge target="b &amp; c" source="d" directed="false"></edge>'
  assert.deepEqual(links(graphMl(nodes + edges)), ['0-2', '1-2'])
  const prefixed = graphMl(nodes + edges).replaceAll(/<(\/?)(graphml|graph|node|edge)\b/g, '<$1g:$2')
  assert.deepEqual(links(prefixed), ['0-2', '1-2'])
})

test('graphFromText() takes an entity that XML does not know as it is written', () => {
  const own = '<node id="&constructor;"/><node id="b"/><edge source="&constructor;" target="b"/>'
  assert.deepEqual(links(graphMl(own), 2), ['0-1'])
  const other = '<node id="&constructor;"/><node id="b"/><edge source="x" target="b"/>'
  assert.throws(() => links(graphMl(other), 2), /got node "x"$/)
  assert.throws(
    () => links(graphMl(own.replace('target="b"', 'target="&constructor;"')), 2),
    /got "&constructor;" twice$/,
  )
})

test('graphFromText() says what is wrong with a file', () => {
  const cases: [string, RegExp][] = [
    ['0 1\n2 2', /^Cannot read g:2: expected two different peer numbers, got "2 2"$/],
    ['0 1\n0 123456', /^Cannot read g:2: expected two different peer numbers/],
    ['# nothing', /^Cannot read g: expected at least one edge, got none$/],
    ['0 1\n---\n', /^Cannot read g: expected at least one edge in graph 2, got none$/],
    [`${'0 1\n---\n'.repeat(96)}0 1`, /^Cannot read g: expected at most 96 graphs, got 97$/],
    ['0'.repeat((8 << 20) + 1), /^Cannot read g: expected at most 8388608 characters, got 8388609$/],
    [graphMl(nodes), /^Cannot read g as GraphML: expected at least one edge, got none$/],
    [graphMl(nodes, 'directed'), /expected edgedefault="undirected", got "directed"$/],
    [
      graphMl(`${nodes}<edge source="a" target="d" directed="true"/>`),
      /expected undirected edges, got a directed one$/,
    ],
    [graphMl(`${nodes}<edge source="a" target="e"/>`), /expected an edge between nodes of the file, got node "e"$/],
    [graphMl(`${nodes}<edge source="a" target="a"/>`), /expected two different nodes, got "a" twice$/],
    [graphMl(`${nodes}<edge source="a"/>`), /expected edge with target="...", got one without$/],
    [graphMl(`${nodes}<node id="a"/>`), /expected every id once, got "a" twice$/],
    [graphMl(`${nodes}<hyperedge/>`), /expected edges between two nodes, got a hyperedge$/],
    [graphMl(`${nodes}<graph edgedefault="undirected"/>`), /expected one graph, got another one$/],
    [graphMl(`${nodes}<edge source="a" target=d/>`), /expected a tag, got "<edge source=/],
    [graphMl(nodes).replace('</graph>', ''), /expected <\/graph>, got <\/graphml>$/],
    ['<graphml>', /expected <\/graphml>, got the end of the file$/],
    ['<graphml><!-- no end', /expected -->, got the end of the file$/],
    ['<html/>', /expected the element graphml, got html$/],
    ['<!DOCTYPE g [<!ENTITY a "aa">]><graphml/>', /expected a tag, got "<!DOCTYPE/],
  ]
  for (const [text, message] of cases) assert.throws(() => links(text), { message }, text.slice(0, 400))
})
