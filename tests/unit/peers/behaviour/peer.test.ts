import assert from 'node:assert/strict'
import test from 'node:test'
import type { Outcome } from '../../../../peers/behaviour/effects.ts'
import { createPeerState, type Input, type PeerState, presenceOf, step } from '../../../../peers/behaviour/peer.ts'
import type { Announcement, Presence } from '../../../../protocols/wire/announcements.ts'

const seconds = 1000
const deadlines = {
  join: 10 * seconds,
  ready: 60 * seconds,
  average: 30 * seconds,
  pull: 10 * seconds,
  round: 60 * seconds,
  leave: 10 * seconds,
}
const digest = 'a'.repeat(64)
const config = {
  name: 'me',
  self: 'p1',
  completed: 0,
  rounds: 2,
  base: digest,
  deadlines,
  examples: 5,
  expected: 2,
  silenceMs: 6000,
}

const presence = (phase: string, ready: boolean): Presence => ({
  type: 'presence',
  name: 'x',
  round: 1,
  phase,
  digest,
  examples: 5,
  ready,
})
const said = (author: string, announcement: Announcement): Input => ({
  type: 'network',
  event: { type: 'announced', author, announcement },
})
const joined = (peer: string): Input => ({
  type: 'network',
  event: { type: 'joined', peer, name: peer, addresses: [] },
})

/** This peer has trained; p2 has too, p3 still trains. */
function gathering(): PeerState {
  let [state] = createPeerState(config)
  const feed = (input: Input) => {
    ;[state] = step(state, input, 1000)
  }
  for (const peer of ['p2', 'p3']) feed(joined(peer))
  feed(said('p2', presence('generating', false)))
  feed(said('p3', presence('generating', false)))
  const outcome = (what: Outcome): Input => ({ type: 'outcome', ticket: state.awaited.task ?? -1, outcome: what })
  feed(outcome({ type: 'generated' }))
  feed(outcome({ type: 'trained', contributes: true }))
  feed(said('p2', presence('averaging', true)))
  return state
}

test('step() waits for a peer that still trains, and mixes once it is ready', () => {
  const state = gathering()
  assert.ok(state.snapshot.matches({ averaging: 'gathering' }))
  assert.ok(presenceOf(state).ready)
  const [after, effects] = step(state, said('p3', presence('averaging', true)), 2000)
  assert.ok(after.snapshot.matches({ averaging: 'mixing' }))
  const task = effects.find((effect) => effect.type === 'start')
  assert.deepEqual(task?.type === 'start' && task.task, { kind: 'average', round: 1 })
})

test('step() mixes at once when another peer has begun the session of this round, and not for another round', () => {
  const session = (round: number): Announcement => ({
    type: 'session',
    session: 's',
    round,
    stage: 'joined',
    mixed: 0,
    digest,
    bytes: 0,
    sketch: [],
  })
  const [other] = step(gathering(), said('p2', session(2)), 2000)
  assert.ok(other.snapshot.matches({ averaging: 'gathering' }))
  const [after] = step(gathering(), said('p2', session(1)), 2000)
  assert.ok(after.snapshot.matches({ averaging: 'mixing' }))
})

test('step() ignores the outcome of a task that is no longer awaited', () => {
  const state = gathering()
  const stale: Input = { type: 'outcome', ticket: 0, outcome: { type: 'failed', reason: 'late' } }
  assert.deepEqual(step(state, stale, 2000), [state, []])
})

/** This peer's averaging failed, and it has evaluated what it began with. */
function failedRound(announcements: readonly Input[]) {
  let state = gathering()
  let effects: ReturnType<typeof step>[1] = []
  const feed = (input: Input) => {
    ;[state, effects] = step(state, input, 2000)
  }
  const outcome = (what: Outcome): Input => ({ type: 'outcome', ticket: state.awaited.task ?? -1, outcome: what })
  feed(said('p3', presence('averaging', true)))
  feed(outcome({ type: 'failed', reason: 'no time' }))
  for (const input of announcements) feed(input)
  feed(outcome({ type: 'evaluated' }))
  return { state, task: effects.find((effect) => effect.type === 'start') }
}

const update = (peer: string, of: string): Input =>
  said(peer, { type: 'update', round: 1, digest: of, bytes: 4, examples: 5, metrics: {} })

test('step() goes over to the adapter of most when its own averaging failed', () => {
  const theirs = 'b'.repeat(64)
  const { state, task } = failedRound([update('p2', theirs), update('p3', theirs)])
  assert.ok(state.snapshot.matches({ idle: 'reuniting' }))
  assert.deepEqual(task?.type === 'start' && task.task, {
    kind: 'pull',
    checkpoint: { round: 1, digest: theirs, holders: ['p2', 'p3'] },
  })
  const pulled: Outcome = { type: 'pulled', checkpoint: { round: 1, digest: theirs, holders: [] } }
  const [after] = step(state, { type: 'outcome', ticket: state.awaited.task ?? -1, outcome: pulled }, 3000)
  assert.ok(after.snapshot.matches('generating'))
  assert.deepEqual([presenceOf(after).round, presenceOf(after).digest], [2, theirs])
})

test('step() stays where it is when nobody has another result, or its own digest is the lower of equals', () => {
  assert.equal(failedRound([]).state.snapshot.value, 'generating')
  assert.equal(failedRound([update('p2', 'b'.repeat(64))]).state.snapshot.value, 'generating', 'one against one: a < b')
  const { state } = failedRound([update('p2', '0'.repeat(64))])
  assert.ok(state.snapshot.matches({ idle: 'reuniting' }), 'one against one: 0 < a')
})
