/** Federations without rounds in virtual time, as `fedpit simulate` runs them. */
import assert from 'node:assert/strict'
import test from 'node:test'
import { decodeLedgerRecord } from '../../peers/behaviour/averaging/journal-record.ts'
import type { PeerLife } from '../../peers/peer-life.ts'
import { byPeer } from '../../src/lab/outcome.ts'
import { run } from './run-scenario.ts'

const asynchronous = 'topology: random-matching\nmixing: { timing: asynchronous }\n'
const patient = 'deadlines: { join: 60, ready: 900, average: 60, pull: 30, round: 900, leave: 900 }\n'

test('simulate() without rounds: every peer comes to its end, the sum of all that they hold stays, and they end near each other', async () => {
  const {
    asynchronous: figures,
    sessions,
    finished,
    unfinished,
    events,
  } = await run(`${asynchronous}peers: 6\nseed: calm\nrounds: 6\nstandIn: { numbers: 8 }`)
  assert.deepEqual({ sessions, finished, unfinished }, { sessions: [], finished: 6, unfinished: [] })
  assert.equal(figures?.sumKept, true)
  const samples = figures?.samples ?? []
  const last = samples.at(-1)
  assert.ok((last?.version ?? 0) > 5, `version ${last?.version}`)
  const widest = Math.max(...samples.map(({ consensus }) => consensus))
  assert.ok((last?.consensus ?? 1) < widest / 10, `${last?.consensus} of ${widest}`)
  for (const [name, own] of byPeer(events)) {
    const done = own.filter((event) => event.type === 'exchange' && event.outcome === 'done')
    assert.ok(done.length > 4, `${name} exchanged ${done.length} times`)
  }
})

test('simulate() without rounds gives the same events for one seed, and others for another', async () => {
  const text = `${asynchronous}peers: 4\nlinks: { loss: 0.1, duplication: 0.1, reordering: 0.1 }\nseed: `
  const [first, again, other] = [await run(`${text}one`), await run(`${text}one`), await run(`${text}two`)]
  assert.deepEqual(again.events, first.events)
  assert.equal(again.digest, first.digest)
  assert.notEqual(other.digest, first.digest)
})

test('simulate() with a peer five times slower: without rounds the others are not delayed, with rounds all take its time', async () => {
  const text = `${patient}peers: 8\nseed: slow\nrounds: 6\nscript: [{ at: 0, fault: slow, peers: [peer-1], times: 5 }]\n`
  const [alone, together] = [await run(`${asynchronous}${text}`), await run(text)]
  assert.deepEqual([alone.finished, together.finished], [8, 8])
  const even = await run(`${asynchronous}${text.replace('times: 5', 'times: 1')}`)
  const ends = ({ events }: typeof alone): number => {
    const fast = events.filter(({ type, name }) => type === 'held' && name !== 'peer-1')
    return (fast.at(-1)?.at ?? 0) / 1000
  }
  assert.ok(ends(alone) < 1.4 * ends(even), `${ends(alone)} s, and ${ends(even)} s where nobody is slow`)
  assert.ok(together.seconds > 3 * alone.seconds, `${together.seconds} s with rounds, ${alone.seconds} s without`)
})

for (const [what, text] of [
  ['loss, duplicates and disorder', 'links: { loss: 0.2, duplication: 0.2, reordering: 0.2 }'],
  [
    'kills',
    'script: [{ at: 22, fault: kill, peers: [peer-2], for: 5 }, { at: 45, fault: kill, peers: [peer-3], for: 9 }]',
  ],
  ['a kill for good', 'script: [{ at: 43, fault: kill, peers: [peer-2] }]'],
  [
    'pauses and a clock jump',
    'script: [{ at: 20, fault: pause, peers: [peer-2], for: 30 }, { at: 21, fault: clock-jump, peers: [peer-1], seconds: 30 }]',
  ],
  ['a partition', 'script: [{ at: 10, fault: partition, groups: [[peer-1, peer-2]], for: 60 }]'],
  ['a full disk', 'script: [{ at: 12, fault: disk-full, peers: [peer-4], for: 40 }]'],
  ['exponential churn', 'churn: { model: exponential, upSeconds: 40, downSeconds: 8, until: 150 }'],
] as const) {
  test(`simulate() without rounds and with ${what}: the sum stays to the last integer, and all come to their end`, async () => {
    const {
      asynchronous: figures,
      unfinished,
      finished,
    } = await run(`${asynchronous}peers: 4\nrounds: 5\nseed: ${what}\n${text}`)
    assert.equal(figures?.sumKept, true)
    const dead = what === 'a kill for good' ? ['peer-2'] : []
    assert.deepEqual({ unfinished, finished }, { unfinished: dead, finished: 4 - dead.length })
  })
}

test('simulate() without rounds: whoever comes late takes the state of the newest, and mixes from there', async () => {
  const {
    asynchronous: figures,
    finished,
    events,
  } = await run(`${asynchronous}peers: 4\nrounds: 8\nseed: late\nscript: [{ at: 90, fault: join, peers: [peer-4] }]`)
  assert.deepEqual([finished, figures?.sumKept], [4, true])
  const own = events.filter(({ name }) => name === 'peer-4')
  const pulled = own.find((event) => event.type === 'pulled')
  assert.ok(pulled?.type === 'pulled' && pulled.round > 1, 'it pulled')
  const first = own.find((event) => event.type === 'held')
  assert.ok(first?.type === 'held' && first.version > pulled.round, 'it went on from there')
})

test('simulate() without rounds: who fell behind by more than the bound is refused, takes a newer state, and the sum stays', async () => {
  const {
    asynchronous: figures,
    finished,
    events,
  } = await run(`
topology: random-matching
mixing: { timing: asynchronous, staleness: { bound: 2 } }
peers: 5
rounds: 12
seed: behind
script: [{ at: 30, fault: pause, peers: [peer-5], for: 150 }]
`)
  assert.deepEqual([finished, figures?.sumKept], [5, true])
  assert.ok(events.some((event) => event.type === 'exchange' && event.reason === 'stale'))
  assert.ok(events.some((event) => event.type === 'pulled' && event.name === 'peer-5'))
})

test('simulate() without rounds sees a sum that moved: one peer forgets an exchange that it has committed', async () => {
  let forgotten = 0
  const forgetful = (life: PeerLife): PeerLife => ({
    ...life,
    store: {
      ...life.store,
      async append(log, record) {
        const kind = log === 'exchange' && life.name === 'peer-2' ? decodeLedgerRecord(record).type : undefined
        if (kind === 'committed' && forgotten++ === 0) return
        await life.store.append(log, record)
      },
    },
  })
  const { asynchronous: figures } = await run(`${asynchronous}peers: 3\nseed: forgetful`, { equip: forgetful })
  assert.deepEqual([forgotten > 0, figures?.sumKept], [true, false])
})

test('simulate() without rounds: what still waits for an answer when a peer comes to its end is reported as drift, once', async () => {
  const calm = `${asynchronous}peers: 4\nrounds: 4\nseed: unanswered`
  const driftsOf = ({ events }: Awaited<ReturnType<typeof run>>) =>
    events.flatMap((event) => (event.type === 'drift' ? [event] : []))
  assert.deepEqual(driftsOf(await run(calm)), [])

  /** One peer never says that it has committed, nor that it has applied. */
  const unsaid = new Set(['commit', 'verdict', 'ack'])
  const mute = (life: PeerLife): PeerLife => ({
    ...life,
    network: {
      ...life.network,
      send: async (to, message, stop) => {
        if (life.name !== 'peer-1' || !unsaid.has(message.type)) await life.network.send(to, message, stop)
      },
    },
  })
  const told = await run(calm, { equip: mute })
  assert.deepEqual([told.finished, told.asynchronous?.sumKept], [4, true])
  const drifts = driftsOf(told)
  const reasons = new Set(drifts.map(({ reason }) => reason))
  assert.deepEqual([...reasons].sort(), ['in doubt when this peer came to its end', 'never acknowledged'])
  assert.equal(new Set(drifts.map(({ xid, name }) => `${xid} ${name}`)).size, drifts.length)
  assert.equal(told.givenUp.exchanges, new Set(drifts.map(({ xid }) => xid)).size)
  const silent = told.events.find(({ name }) => name === 'peer-1')?.peer
  for (const { peer, other, xid, reason } of drifts) {
    assert.ok(peer === silent || other === silent, `${peer} waits for ${other}`)
    // An exchange is named after whoever began it.
    assert.ok(xid.startsWith(reason === 'never acknowledged' ? peer : other), xid)
  }
  for (const [name, own] of byPeer(told.events)) {
    assert.equal(own.at(-1)?.type, 'stopped', `${name} says more after its end`)
  }
})

test('simulate() without rounds: nothing is in doubt where a peer answers late, and its partner has come to its end', async () => {
  const quick = 'standIn: { numbers: 8, personaliseSeconds: [0.05, 0.1], evaluateSeconds: [0.05, 0.1] }'
  const text = `${asynchronous}peers: 2\nrounds: 2\nseed: slow-end\n${quick}\n`
  const { events: calm } = await run(text)
  const seconds = ((calm.at(-1)?.at ?? 0) - (calm[0]?.at ?? 0)) / 1000
  let late = 0
  for (let before = 0.2; before < 1; before += 0.1) {
    const at = (seconds - before).toFixed(2)
    const { events } = await run(`${text}script: [{ at: ${at}, fault: pause, peers: [peer-2], for: 3.5 }]`)
    late += events.filter((event) => event.type === 'exchange' && event.reason === 'no answer').length
    const doubts = events.filter((event) => event.type === 'drift' && event.reason.startsWith('in doubt'))
    assert.deepEqual(doubts, [], `paused at ${at}`)
  }
  assert.ok(late > 0)
})

test('simulate() without rounds: a peer that is told to leave while it waits for a partner says nothing after its end', async () => {
  const { events } = await run(`
${asynchronous}
peers: 4
seed: early
script:
  - { at: 10, fault: disk-full, peers: [peer-2, peer-3, peer-4], for: 40 }
  - { at: 17, fault: leave, peers: [peer-1] }
standIn: { generateSeconds: [5, 5], trainSeconds: [9, 9] }
`)
  const own = events.filter(({ name }) => name === 'peer-1')
  assert.ok(own.some((event) => event.type === 'exchange' && event.outcome === 'failed'))
  assert.equal(own.at(-1)?.type, 'stopped')
})
