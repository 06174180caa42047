/** What is mixed (`mixing` in a plan), in whole federations. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { run, unit } from './run-scenario.ts'

const twoKills =
  'script: [{ at: 22, fault: kill, peers: [peer-2], for: 5 }, { at: 25, fault: kill, peers: [peer-3], for: 9 }]'

for (const factors of ['ffa', 'alternate', 'both']) {
  const text = `peers: 4\nrounds: 4\nstandIn: { numbers: 64, flow: 6 }\nmixing: { factors: ${factors} }\n`
  const ends = async (what: string) => {
    const { sessions, agreed, finished, unfinished, drift } = await run(text + what)
    assert.deepEqual({ agreed, finished, unfinished }, { agreed: true, finished: 4, unfinished: [] })
    assert.ok(sessions.every(({ sumKept, results }) => sumKept && results === 1))
    return { sessions, drift: drift ?? Number.NaN }
  }
  test(`simulate() mixing ${factors}: exact to units, and where training must end, once for each factor`, async () => {
    const { sessions, drift } = await ends('seed: calm')
    assert.deepEqual(
      sessions.map(({ round, members }) => [round, members]),
      [1, 2, 3, 4].map((round) => [round, 4]),
    )
    assert.ok(sessions.every(({ error }) => error < 4 * unit * 8))
    const last = sessions.slice(-2).map(({ toOptimum }) => toOptimum ?? Number.NaN)
    // The two halves of the numbers are two rounds of alternation.
    const end = factors === 'alternate' ? Math.hypot(...last) : (last[1] as number)
    assert.ok(Math.abs(end - drift) < 0.05 * drift, `${end} from the optimum, drift ${drift}`)
  })

  test(`simulate() mixing ${factors} with kills: sums are kept, and all end with one adapter`, async () => {
    await ends(`seed: kills\n${twoKills}`)
  })
}

test('simulate() mixing one factor of two sends half of what mixing both does', async () => {
  const sent = async (factors: string) => {
    const { bytes } = await run(`peers: 4\nseed: bytes\nstandIn: { numbers: 20000 }\nmixing: { factors: ${factors} }`)
    return bytes.reduce((sum, round) => sum + round.sent, 0)
  }
  const ratio = (await sent('alternate')) / (await sent('both'))
  assert.ok(ratio > 0.45 && ratio < 0.6, `${ratio} of the bytes`)
})

test('simulate() with an outer momentum: exact to units, and nearer to the end of training after as many short rounds', async () => {
  const text = 'peers: 4\nseed: outer\nrounds: 8\nstandIn: { numbers: 32, flow: 0.05 }\n'
  const end = async (outer: string) => {
    const { sessions, agreed, finished, drift } = await run(`${text}mixing: { outer: ${outer} }`)
    assert.deepEqual([agreed, finished, sessions.length], [true, 4, 8])
    for (const { error, sumKept } of sessions) assert.ok(sumKept && error < 16 * unit * Math.sqrt(32), `error ${error}`)
    return (sessions.at(-1)?.toOptimum ?? Number.NaN) - (drift ?? Number.NaN)
  }
  const [none, nesterov] = [await end('none'), await end('nesterov')]
  assert.ok(Math.abs(nesterov) < 0.5 * none, `${nesterov} against ${none}`)
})

for (const factors of ['ffa', 'alternate']) {
  test(`simulate() with an outer momentum on ${factors}, kills and a late peer: all end with one adapter and momentum`, async () => {
    const late = '{ at: 60, fault: join, peers: [peer-4] }'
    const { agreed, finished, unfinished, sessions, events } = await run(
      `peers: 4\nseed: outer\nrounds: 4\nmixing: { factors: ${factors}, outer: nesterov }\n${twoKills.replace(' }]', ` }, ${late}]`)}`,
    )
    assert.deepEqual({ agreed, finished, unfinished }, { agreed: true, finished: 4, unfinished: [] })
    assert.ok(sessions.every(({ sumKept }) => sumKept))
    assert.ok(events.some(({ type }) => type === 'pulled'))
  })
}
