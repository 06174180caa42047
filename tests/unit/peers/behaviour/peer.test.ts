import assert from 'node:assert/strict'
import test from 'node:test'
import type { Outcome } from '../../../../peers/behaviour/effects.ts'
import { createPeerState, presenceOf, step } from '../../../../peers/behaviour/peer.ts'
import type { Input, Step } from '../../../../peers/behaviour/peer-state.ts'
import { Roster } from '../../../../peers/behaviour/roster.ts'
import type { NetworkEvent } from '../../../../peers/kernel/ports.ts'
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
const said = (author: string, announcement: Announcement): NetworkEvent => ({
  type: 'announced',
  author,
  announcement,
})
const joined = (peer: string): NetworkEvent => ({ type: 'joined', peer, name: peer, addresses: [] })

/** A peer with what it hears. */
function createSubject() {
  const roster = new Roster(6000)
  let [state, effects]: Step = createPeerState(config)
  const take = (input: Input, now: number): void => {
    ;[state, effects] = step(state, input, { now, roster })
  }
  return {
    roster,
    get state() {
      return state
    },
    get task() {
      const start = effects.find((effect) => effect.type === 'start')
      return start?.type === 'start' ? start.task : undefined
    },
    hear(event: NetworkEvent, now = 1000): void {
      if (roster.hear(event, now)) take({ type: 'heard' }, now)
    },
    end: (outcome: Outcome) => take({ type: 'outcome', ticket: state.awaited.task ?? -1, outcome }, 2000),
    take: (input: Input, now = 2000) => take(input, now),
  }
}

/** This peer has trained; p2 has too, p3 still trains. */
function gathering() {
  const subject = createSubject()
  for (const peer of ['p2', 'p3']) subject.hear(joined(peer))
  subject.hear(said('p2', presence('generating', false)))
  subject.hear(said('p3', presence('generating', false)))
  subject.end({ type: 'generated' })
  subject.end({ type: 'trained', contributes: true })
  subject.hear(said('p2', presence('averaging', true)))
  return subject
}

test('step() waits for a peer that still trains, and mixes once it is ready', () => {
  const subject = gathering()
  assert.ok(subject.state.snapshot.matches({ averaging: 'gathering' }))
  assert.ok(presenceOf(subject.state).ready)
  subject.hear(said('p3', presence('averaging', true)))
  assert.ok(subject.state.snapshot.matches({ averaging: 'mixing' }))
  assert.deepEqual(subject.task, { kind: 'average', round: 1 })
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
  const subject = gathering()
  subject.hear(said('p2', session(2)))
  assert.ok(subject.state.snapshot.matches({ averaging: 'gathering' }))
  subject.hear(said('p2', session(1)))
  assert.ok(subject.state.snapshot.matches({ averaging: 'mixing' }))
})

test('step() of a peer that began otherwise than most waits for their result, and mixes alone only at the deadline', () => {
  const theirs = 'b'.repeat(64)
  const strayed = () => {
    const subject = gathering()
    for (const peer of ['p2', 'p3']) subject.hear(said(peer, { ...presence('averaging', true), digest: theirs }))
    assert.ok(subject.state.snapshot.matches({ averaging: 'gathering' }))
    return subject
  }
  const waiting = strayed()
  waiting.hear(update('p2', '0'.repeat(64)))
  for (const peer of ['p2', 'p3']) {
    assert.ok(waiting.state.snapshot.matches({ averaging: 'gathering' }))
    waiting.hear(said(peer, { ...presence('personalising', false), digest: theirs }))
  }
  assert.ok(waiting.state.snapshot.matches({ averaging: 'pulling' }))
  const alone = strayed()
  alone.take({ type: 'deadline', ticket: alone.state.awaited.deadline ?? -1 })
  assert.ok(alone.state.snapshot.matches({ averaging: 'mixing' }))
})

test('step() does not take the result of one that ended the round alone for that of those who still train', () => {
  const subject = gathering()
  subject.hear(update('p2', '0'.repeat(64)))
  subject.hear(said('p2', presence('personalising', false)))
  assert.ok(subject.state.snapshot.matches({ averaging: 'gathering' }))
  subject.hear(said('p3', presence('averaging', true)))
  assert.ok(subject.state.snapshot.matches({ averaging: 'mixing' }))
})

test('step() of a peer that has just lost all others waits for them, and goes on alone where they do not come back', () => {
  const subject = gathering()
  for (const peer of ['p2', 'p3']) subject.hear({ type: 'left', peer, reason: 'reset' })
  assert.ok(subject.state.snapshot.matches({ averaging: 'gathering' }))
  // Found again, it has not said yet that it still trains.
  subject.hear(joined('p2'))
  subject.take({ type: 'beat' }, deadlines.average - 1)
  assert.ok(subject.state.snapshot.matches({ averaging: 'gathering' }))
  subject.take({ type: 'beat' }, deadlines.average + 2000)
  assert.ok(subject.state.snapshot.matches({ averaging: 'mixing' }))
})

test('step() ignores the outcome of a task that is no longer awaited', () => {
  const subject = gathering()
  const before = subject.state
  subject.take({ type: 'outcome', ticket: 0, outcome: { type: 'failed', reason: 'late' } })
  assert.equal(subject.state, before)
})

/** This peer's averaging failed, and it has evaluated what it began with. */
function failedRound(heard: readonly NetworkEvent[]) {
  const subject = gathering()
  subject.hear(said('p3', presence('averaging', true)))
  subject.end({ type: 'failed', reason: 'no time' })
  for (const event of heard) subject.hear(event)
  subject.end({ type: 'personalised' })
  subject.end({ type: 'evaluated' })
  return subject
}

const update = (peer: string, of: string): NetworkEvent =>
  said(peer, { type: 'update', round: 1, digest: of, bytes: 4, examples: 5, metrics: {} })

test('step() goes over to the adapter of most when its own averaging failed', () => {
  const theirs = 'b'.repeat(64)
  const subject = failedRound([update('p2', theirs), update('p3', theirs)])
  assert.ok(subject.state.snapshot.matches({ idle: 'reuniting' }))
  assert.deepEqual(subject.task, {
    kind: 'pull',
    checkpoint: { round: 1, digest: theirs, holders: ['p2', 'p3'] },
  })
  subject.end({ type: 'pulled', checkpoint: { round: 1, digest: theirs, holders: [] } })
  assert.ok(subject.state.snapshot.matches('generating'))
  assert.deepEqual([presenceOf(subject.state).round, presenceOf(subject.state).digest], [2, theirs])
})

test('step() stays where it is when nobody has another result, or its own digest is the lower of equals', () => {
  assert.equal(failedRound([]).state.snapshot.value, 'generating')
  assert.equal(failedRound([update('p2', 'b'.repeat(64))]).state.snapshot.value, 'generating', 'one against one: a < b')
  const { state } = failedRound([update('p2', '0'.repeat(64))])
  assert.ok(state.snapshot.matches({ idle: 'reuniting' }), 'one against one: 0 < a')
})
