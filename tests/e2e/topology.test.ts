/** `fedpit topology` as a user runs it. */
import assert from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'

let folder: string
before(async () => {
  folder = await mkdtemp(join(tmpdir(), 'fedpit-topology-'))
})
after(() => rm(folder, { recursive: true }))

const topology = (...args: string[]) =>
  spawnSync(process.execPath, ['src/cli/fedpit.js', 'topology', ...args], { encoding: 'utf8' })

test('fedpit topology --format json lists the rounds, and what was predicted and measured', () => {
  const { stdout, status, stderr } = topology('base-2', '--peers', '5', '--format', 'json')
  assert.equal(status, 0, stderr)
  const { rounds, ...document } = JSON.parse(stdout)
  assert.deepEqual(rounds[2], [{ a: 0, b: 4, num: 4, den: 5 }])
  assert.deepEqual(document, {
    name: 'base-2',
    peers: 5,
    seed: '1',
    promises: { preservesMean: true, symmetric: true, exactAfter: 5, expectedContraction: null },
    degree: { most: 1, mean: 0.72 },
    diameter: 5,
    spectralGap: 1,
    spectralGapOf: 'sessions',
    spectralGapIsBound: false,
    roundsTo: { goal: 0.001, predicted: 5, measured: 5 },
    session: { rounds: 5, edges: 9 },
  })
})

test('fedpit topology prints and draws a graph from a file, and writes the SVG', async () => {
  const [file, svg] = [join(folder, 'path.txt'), join(folder, 'new', 'path.svg')]
  await writeFile(file, '0 1\n1 2\n2 3\n')
  const { stdout, status, stderr } = topology(file, '--peers', '4', '--svg', svg)
  assert.equal(status, 0, stderr)
  assert.match(stdout, /^graph-[0-9a-f]{12}, 4 peers$/m)
  assert.match(stdout, /^diameter +3 rounds$/m)
  assert.match(stdout, /[\u2801-\u28ff]/)
  assert.match(await readFile(svg, 'utf8'), /^<svg .*<\/svg>\n$/s)
})

test('fedpit topology refuses what it does not know and what is too large, with exit code 2', () => {
  for (const [args, message] of [
    [['mesh'], /^fedpit: Cannot use topology "mesh": expected one of base-K, /],
    [['ring', '--peers', '5000'], /^fedpit: .*Expected 2 to 2048/],
    [['ring', '--peers', '600', '--svg', join(folder, 'x.svg')], /^fedpit: Cannot draw ring: expected fewer peers/],
  ] as const) {
    const { status, stderr } = topology(...args)
    assert.equal(status, 2, stderr)
    assert.match(stderr, message)
  }
})
