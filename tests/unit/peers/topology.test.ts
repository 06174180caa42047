import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { PeerEventBody } from '../../../peers/events.ts'
import { followTopology, topologySource } from '../../../peers/wiring/topology.ts'

const openTopology = async (nameOrPath: string) => topologySource(nameOrPath).read()

test('topologySource() takes a name, or a file whose content names the graph', async (t) => {
  assert.equal((await openTopology('ring')).name, 'ring')
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-graph-'))
  t.after(() => rm(folder, { recursive: true }))
  const [a, b] = [join(folder, 'a.txt'), join(folder, 'b.txt')]
  await writeFile(a, '0 1\n1 2\n')
  await writeFile(b, '0 1\n0 2\n')
  const [line, star] = [await openTopology(a), await openTopology(b)]
  assert.match(line.name, /^graph-[0-9a-f]{12}$/)
  assert.notEqual(line.name, star.name)
  assert.deepEqual([line.edition, (await openTopology('ring')).edition], [line.name, undefined])
  assert.deepEqual([topologySource(a).term, topologySource('ring').term], ['graph-file', 'ring'])
  assert.deepEqual(line.rounds(3, '')[0], [
    { a: 0, b: 1, num: 1, den: 3 },
    { a: 1, b: 2, num: 1, den: 3 },
  ])
  await assert.rejects(openTopology(join(folder, 'none')), /expected a file with an edge list or GraphML, got ENOENT/)
  await assert.rejects(openTopology('mesh'), /expected one of base-K/)
})

test('followTopology() reads the file for every round, tells of an edit, and keeps what it had where it cannot', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-graph-'))
  t.after(() => rm(folder, { recursive: true }))
  const file = join(folder, 'graph.txt')
  await writeFile(file, '0 1\n1 2\n')
  const events: PeerEventBody[] = []
  const topology = await followTopology(topologySource(file), (event) => void events.push(event))
  const line = await topology(1)
  assert.equal(events.length, 0)
  await writeFile(file, '0 1\n0 2\n')
  const star = await topology(2)
  assert.deepEqual(events.slice(), [{ type: 'topology', round: 2, topology: star.name }])
  assert.notEqual(star.name, line.name)
  await writeFile(file, 'one two\n')
  assert.equal(await topology(3), star)
  await rm(file)
  assert.equal(await topology(4), star)
  const [, broken, gone] = events
  assert.match(broken?.type === 'warning' ? broken.message : '', /^Goes on with graph-\w+: Cannot read .*graph\.txt/)
  assert.match(gone?.type === 'warning' ? gone.code : '', /^topology\.absent$/)
})
