import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import { openTopology } from '../../../peers/wiring/topology.ts'

test('openTopology() takes a name, or a file whose content names the graph', async (t) => {
  assert.equal((await openTopology('ring')).name, 'ring')
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-graph-'))
  t.after(() => rm(folder, { recursive: true }))
  const [a, b] = [join(folder, 'a.txt'), join(folder, 'b.txt')]
  await writeFile(a, '0 1\n1 2\n')
  await writeFile(b, '0 1\n0 2\n')
  const [line, star] = [await openTopology(a), await openTopology(b)]
  assert.match(line.name, /^graph-[0-9a-f]{12}$/)
  assert.notEqual(line.name, star.name)
  assert.deepEqual(line.rounds(3, '')[0], [
    { a: 0, b: 1, num: 1, den: 3 },
    { a: 1, b: 2, num: 1, den: 3 },
  ])
  await assert.rejects(openTopology(join(folder, 'none')), /expected a file with an edge list or GraphML, got ENOENT/)
  await assert.rejects(openTopology('mesh'), /expected one of base-K/)
})
