/** Whole federations in virtual time, as `fedpit simulate` runs them. */
import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test from 'node:test'
import type { PeerEvent } from '../../peers/events.ts'
import { parseYaml } from '../../src/lab/read-yaml.ts'
import { mixingsOf } from '../../src/lab/simulation/mixings.ts'
import { simulationSchema } from '../../src/lab/simulation/scenario.ts'
import { simulate } from '../../src/lab/simulation/simulate.ts'
import { run, unit, withDefaults } from './run-scenario.ts'

test('simulate() on calm links: every round has one session of all, exact to units, and training ends where it must', async () => {
  const { sessions, agreed, finished, drift, bytes } = await run(
    'peers: 5\nseed: calm\nstandIn: { numbers: 8, flow: 6 }',
  )
  assert.deepEqual([agreed, finished], [true, 5])
  assert.deepEqual(
    sessions.map(({ round, members, results, sumKept }) => ({ round, members, results, sumKept })),
    [1, 2].map((round) => ({ round, members: 5, results: 1, sumKept: true })),
  )
  for (const { error, consensus } of sessions) {
    assert.ok(error < 4 * unit * Math.sqrt(8), `${error} from the true mean`)
    assert.ok((consensus[0] ?? 0) > 0.1 && (consensus.at(-1) ?? 1) < 1e-5, String(consensus))
  }
  // A flow of 6 leaves at most e^-3 of the start, so the second round ends near the fixed point.
  assert.ok(Math.abs((sessions.at(-1)?.toOptimum ?? 0) - (drift ?? 0)) < 0.05 * (drift ?? 0))
  const [sent, received] = (['sent', 'received'] as const).map((way) =>
    bytes.reduce((sum, round) => sum + round[way], 0),
  )
  assert.ok(sent !== undefined && received !== undefined && received > 0)
  // What the last ones to leave say reaches nobody.
  assert.ok(received <= sent && received > 0.9 * sent, `${received} of ${sent} bytes arrived`)
})

test('simulate() gives the same events for one seed, and others for another', async () => {
  const text = 'peers: 4\nlinks: { loss: 0.1, duplication: 0.1, reordering: 0.1 }\nseed: '
  const [first, again, other] = [await run(`${text}one`), await run(`${text}one`), await run(`${text}two`)]
  assert.deepEqual(again.events, first.events)
  assert.equal(again.digest, first.digest)
  assert.notEqual(other.digest, first.digest)
})

for (const [what, text] of [
  [
    'kills',
    'script: [{ at: 22, fault: kill, peers: [peer-2], for: 5 }, { at: 25, fault: kill, peers: [peer-3], for: 9 }]',
  ],
  [
    'pauses and a clock jump',
    'script: [{ at: 20, fault: pause, peers: [peer-2], for: 9 }, { at: 21, fault: clock-jump, peers: [peer-1], seconds: 30 }]',
  ],
  ['a partition', 'script: [{ at: 10, fault: partition, groups: [[peer-1, peer-2]], for: 30 }]'],
  ['a full disk', 'script: [{ at: 12, fault: disk-full, peers: [peer-4], for: 40 }]'],
  [
    'a slow peer and a late one',
    'script: [{ at: 1, fault: slow, peers: [peer-1], times: 3 }, { at: 30, fault: join, peers: [peer-4] }]',
  ],
  ['exponential churn', 'churn: { model: exponential, upSeconds: 40, downSeconds: 8, until: 70 }'],
] as const) {
  test(`simulate() with ${what}: sums are kept, and all do their rounds and end with one adapter`, async () => {
    const { sessions, agreed, finished, unfinished, events } = await run(`peers: 4\nseed: ${what}\n${text}`)
    assert.ok(events.some(({ type }) => type === 'fault'))
    assert.ok(sessions.length > 0 && sessions.every(({ sumKept }) => sumKept))
    assert.deepEqual({ agreed, finished, unfinished }, { agreed: true, finished: 4, unfinished: [] })
  })
}

test('simulate() of two that mixed apart from most: when all meet again they wait for the others, and mix with them next', async () => {
  const { sessions, agreed } = await run(`
peers: 5
seed: strays 0
rounds: 3
standIn: { numbers: 8, generateSeconds: [5, 6], trainSeconds: [10, 11], personaliseSeconds: [0, 0] }
deadlines: { join: 60, ready: 30, average: 60, pull: 30, round: 240, leave: 240 }
script:
  - { at: 1, fault: slow, peers: [peer-3, peer-4, peer-5], times: 1.4, for: 40 }
  - { at: 10, fault: partition, groups: [[peer-1, peer-2]], for: 46 }
`)
  const apart = [
    [1, 2],
    [1, 3],
  ]
  const members = sessions.map((session) => [session.round, session.members])
  assert.deepEqual([members, agreed], [[...apart, [2, 3], [3, 5]], true])
})

test('simulate() of one that ends its rounds alone, ahead of most: they mix all the same, and it takes their result', async () => {
  const { sessions, agreed, unfinished, events } = await run(`
peers: 6
seed: blip
rounds: 3
deadlines: { join: 60, ready: 10, average: 60, pull: 30, round: 240, leave: 240 }
script:
  - { at: 0, fault: slow, peers: [peer-2, peer-3, peer-4, peer-5, peer-6], times: 3 }
  - { at: 10, fault: partition, groups: [[peer-1]], for: 30 }
`)
  const alone = events.filter((event) => event.type === 'averaged' && event.name === 'peer-1' && event.peers === 1)
  assert.ok(alone.length > 0)
  assert.deepEqual([agreed, unfinished], [true, []])
  assert.deepEqual([...new Set(sessions.map(({ round }) => round))], [1, 2, 3])
  assert.ok(
    sessions.every(({ members }) => members > 2),
    JSON.stringify(sessions.map(({ members }) => members)),
  )
})

test('simulate() with a disk that is full while a session begins: the peer is in the next one again', async () => {
  const text = 'peers: 4\nrounds: 4\nseed: short of room\n'
  const calm = await run(text)
  const begins = calm.events.find((event) => event.type === 'phase' && event.phase === 'averaging' && event.round === 2)
  const at = (((begins?.at ?? 0) - (calm.events[0]?.at ?? 0)) / 1000 - 0.1).toFixed(2)
  const { sessions, agreed } = await run(`${text}script: [{ at: ${at}, fault: disk-full, peers: [peer-2], for: 9 }]`)
  assert.deepEqual([agreed, sessions.map(({ members }) => members)], [true, [4, 3, 4, 4]])
})

test('simulate() of a topology that is edited mixes over the new graph from the next round, and in pairs where not all have it', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-edited-'))
  t.after(() => rm(folder, { recursive: true }))
  const [path, complete] = [join(folder, 'path.txt'), join(folder, 'complete.txt')]
  await writeFile(path, '0 1\n1 2\n2 3\n')
  await writeFile(complete, '0 1\n0 2\n0 3\n1 2\n1 3\n2 3\n')
  const { sessions, agreed, events } = await run(`
peers: 4
seed: edited
rounds: 5
topology: ${path}
script:
  - { at: 40, fault: edit-topology, file: ${complete}, peers: [peer-1] }
  - { at: 80, fault: edit-topology, file: ${complete} }
`)
  assert.deepEqual(
    [agreed, sessions.map(({ members, results, sumKept }) => [members, results, sumKept])],
    [true, Array(5).fill([4, 1, true])],
  )
  const edges = mixingsOf(events).map(({ mixings }) => mixings[0]?.edges.length)
  assert.deepEqual(edges, [3, 3, 2, 6, 6])
  const told = (code: string) =>
    events.flatMap((event) => (event.type === 'warning' && event.code === code ? [event] : []))
  const differ = told('topology.differs')
  assert.equal(differ.length, 4)
  for (const { name, message } of differ) {
    const others = name === 'peer-1' ? 3 : 1
    assert.match(
      message,
      new RegExp(`^Cannot mix over graph-\\w+ in round 3: .* from ${others} \\(.*mixes in drawn pairs$`),
    )
  }
  const taken = events.flatMap((event) => (event.type === 'topology' ? [[event.name, event.round]] : []))
  assert.deepEqual(taken.sort(), [
    ['peer-1', 3],
    ['peer-2', 4],
    ['peer-3', 4],
    ['peer-4', 4],
  ])
})

for (const [codec, most] of [
  ['fixed', 1.3],
  ['bf16', 0.8],
  ['int8', 0.7],
  ['top-k', 0.25],
] as const) {
  test(`simulate() of peers that speak ${codec}, of which one is killed: sums are kept, and bytes are what the codec takes`, async () => {
    const { sessions, agreed, finished, exchanged } = await run(
      `peers: 4\nseed: ${codec}\nmixing: { codec: ${codec} }\nstandIn: { numbers: 2000 }\nscript: [{ at: 30, fault: kill, peers: [peer-2], for: 5 }]`,
    )
    assert.ok(sessions.length > 0 && sessions.every(({ sumKept }) => sumKept))
    assert.deepEqual([agreed, finished], [true, 4])
    const plain = exchanged.ends * exchanged.adapterBytes
    assert.ok(exchanged.bytes > 0.07 * plain && exchanged.bytes < most * plain, `${exchanged.bytes} bytes for ${plain}`)
  })
}

test('simulate() ends with the error of an observer, which no peer takes for its own', async () => {
  const scenario = parseYaml(withDefaults('peers: 2\nseed: seen'), 'test.yaml', simulationSchema)
  const publish = (event: PeerEvent): void => {
    if (event.type === 'averaged') throw new Error('nobody saw it')
  }
  const running = simulate(scenario, { publish, onProgress: () => {} }, new AbortController().signal)
  await assert.rejects(running, /nobody saw it/)
})

test('simulate() lets a peer leave in order, and ends at its limit of time', async () => {
  const left = await run('peers: 3\nseed: leave\nscript: [{ at: 12, fault: leave, peers: [peer-3] }]')
  assert.deepEqual([left.finished, left.agreed, left.unfinished], [2, true, []])
  const cut = await run('peers: 3\nseed: cut\nlimitSeconds: 20')
  assert.deepEqual([cut.seconds, cut.finished, cut.unfinished.length], [20, 0, 3])
})
