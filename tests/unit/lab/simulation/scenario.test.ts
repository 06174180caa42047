import assert from 'node:assert/strict'
import { test } from 'node:test'
import { parseYaml } from '../../../../src/lab/read-yaml.ts'
import { startScenario } from '../../../../src/lab/scenario.ts'
import { churnScenario, readSimulation, simulationSchema } from '../../../../src/lab/simulation/scenario.ts'

const parse = (text: string) => parseYaml(`name: x\n${text}`, 's.yaml', simulationSchema)

test('readSimulation() reads the scenario that comes with the program, and that of a swarm', async () => {
  const churn = await readSimulation(churnScenario)
  assert.deepEqual([churn.peers.length, churn.peers[0]?.name, churn.script.length], [12, 'peer-01', 8])
  const swarm = await readSimulation(startScenario)
  assert.deepEqual(swarm.peers.map(({ name }) => name).slice(0, 2), ['clinic', 'bank'])
})

for (const [what, text, message] of [
  [
    'a peer that is not there',
    'peers: 2\nscript: [{ at: 1, fault: kill, peers: [peer-3] }]',
    /script\[0\]\.peers: expected names of peers/,
  ],
  ['a fault that is none', 'peers: 2\nscript: [{ at: 1, fault: sulk, peers: [peer-1] }]', /script\[0\]\.fault/],
  [
    'a pause without an end',
    'peers: 2\nscript: [{ at: 1, fault: pause, peers: [peer-1] }]',
    /script\[0\]\.for: expected number, got nothing/,
  ],
  [
    'an edited topology that is no file',
    'peers: 2\ntopology: ring\nscript: [{ at: 1, fault: edit-topology, file: ./graph.txt }]',
    /topology: expected a file, such as \.\/graph\.txt, to be edited, got "ring"/,
  ],
  [
    'an engine without examples to learn from',
    'learning: engine\npeers: [{ name: a, data: a.jsonl }, { name: b }]',
    /peers: expected a list with data for each, where the engine learns/,
  ],
  ['a share over 1', 'peers: 2\nlinks: { loss: 2 }', /links\.loss: expected number to be <=1, got 2/],
  [
    'a time span in the wrong order',
    'peers: 2\nstandIn: { trainSeconds: [3, 1] }',
    /standIn\.trainSeconds: expected the shorter time first/,
  ],
  ['an unknown model of churn', 'peers: 2\nchurn: { model: weather }', /churn\.model/],
  ['a period that is no time', 'peers: 2\nchurn: { model: diurnal, periodSeconds: 1e-9, up: 0.5, until: 9 }', /period/],
  ['too many pairs', 'peers: 2001\ntopology: complete', /topology: expected a topology that links fewer pairs of more/],
  ['too many draws of pairs', 'peers: 2001\ntopology: redrawn-erdos-renyi-0.1', /topology: expected a topology that/],
  ['names that are the same', 'peers: [{ name: a }, { name: a }]', /peers: expected names that differ/],
  ['too many peers', 'peers: 10001', /peers/],
] as const) {
  test(`simulationSchema names the key for ${what}`, () => {
    assert.throws(() => parse(text), { code: 'config.value', message })
  })
}
