import assert from 'node:assert/strict'
import test from 'node:test'
import { Roster } from '../../../../peers/behaviour/roster.ts'
import type { NetworkEvent } from '../../../../peers/kernel/ports.ts'
import type { Presence } from '../../../../protocols/wire/announcements.ts'

const [d, e] = ['d'.repeat(64), 'e'.repeat(64)]
const joined = (peer: string): NetworkEvent => ({ type: 'joined', peer, name: peer, addresses: [] })
const left = (peer: string): NetworkEvent => ({ type: 'left', peer, reason: '' })
const present = (author: string, what: Partial<Presence> = {}): NetworkEvent => ({
  type: 'announced',
  author,
  announcement: {
    type: 'presence',
    name: author,
    round: 2,
    phase: 'training',
    digest: d,
    examples: 5,
    ready: false,
    ...what,
  },
})
const updated = (author: string, round: number, digest: string): NetworkEvent => ({
  type: 'announced',
  author,
  announcement: { type: 'update', round, digest, bytes: 4, examples: 5, metrics: {} },
})

function rosterOf(...events: NetworkEvent[]): Roster {
  const roster = new Roster(6000)
  for (const event of events) roster.hear(event, 0)
  return roster
}

const anyone = () => true

test('Roster leaves out whoever asks, and counts the others by what they said last', () => {
  const roster = rosterOf(joined('a'), joined('b'), joined('c'), present('a'), present('b', { phase: 'idle' }))
  const training = (self: string) => roster.count(self, 0, ({ phase }) => phase === 'training')
  assert.deepEqual([roster.live('a', 0), roster.count('a', 0, anyone), training('a')], [2, 1, 0])
  assert.deepEqual([roster.live('x', 0), roster.count('x', 0, anyone), training('x')], [3, 2, 1])
  roster.hear(present('a', { phase: 'evaluating' }), 0)
  assert.deepEqual([roster.count('x', 0, anyone), training('x'), roster.unknown('x')], [2, 0, 1])
  roster.hear(left('a'), 0)
  assert.deepEqual([roster.live('x', 0), roster.count('x', 0, anyone), roster.reaches('a')], [2, 1, false])
})

test('Roster: who mixed and has gone on is neither at it nor waited for, also where it was not heard to be ready', () => {
  const said = (stage: 'joined' | 'mixed'): NetworkEvent => {
    const what = { session: 's', round: 2, mixed: 0, digest: d, bytes: 4, sketch: [] }
    return { type: 'announced', author: 'a', announcement: { type: 'session', stage, ...what } }
  }
  const roster = rosterOf(joined('a'), present('a'), said('joined'), said('mixed'))
  const muster = () => roster.muster({ round: 2, startDigest: d })
  const waited = () => [roster.averagingBegan(2, 'x', 0), muster().strays('x'), muster().behind(1, 'x', new Set())]
  assert.deepEqual(waited(), [true, 1, 1])
  roster.hear(present('a', { phase: 'personalising' }), 0)
  assert.deepEqual(waited(), [false, 0, 0])
})

test('Roster counts those who are ready for the same round from another start, without whoever asks', () => {
  const ready = { ready: true, phase: 'averaging' } as const
  const roster = rosterOf(
    ...['a', 'b', 'c', 'f'].map(joined),
    present('a', ready),
    present('b', { ...ready, digest: e }),
    present('c', { ...ready, digest: e, round: 3 }),
    present('f', { digest: e }),
  )
  const start = { round: 2, startDigest: d }
  assert.deepEqual([roster.otherwise(start, 'a'), roster.otherwise(start, 'b')], [1, 0])
  assert.equal(roster.otherwise({ round: 2, startDigest: e }, 'b'), 1)
})

test('Roster.hear() says whether anything is new', () => {
  const roster = rosterOf(joined('a'), present('a'))
  assert.equal(roster.hear(present('a'), 1), false)
  assert.equal(roster.hear(present('a', { ready: true }), 1), true)
  assert.equal(roster.hear(updated('a', 1, d), 1), true)
  assert.equal(roster.hear(updated('a', 1, d), 1), false)
})

test('Roster lets a peer without a connection count until it has been silent for long', () => {
  const roster = rosterOf(present('far'))
  roster.hear(present('far'), 1000)
  assert.deepEqual([roster.live('x', 6999), roster.live('x', 7000)], [1, 0])
  const near = rosterOf(joined('near'))
  assert.equal(near.live('x', 1e9), 1)
})

test('Roster.newest() is the newest round, then what most hold, with its holders in order', () => {
  const roster = rosterOf(
    joined('c'),
    joined('a'),
    joined('b'),
    present('a'),
    present('b', { digest: e }),
    present('c'),
  )
  assert.deepEqual([roster.newest('x', 0)?.digest, roster.newest('x', 0)?.holders()], [d, ['a', 'c']])
  // Of those that count for `a`, one holds each.
  assert.equal(roster.newest('a', 0)?.digest, d)
  roster.hear(updated('b', 2, e), 0)
  assert.deepEqual([roster.newest('x', 0)?.round, roster.newest('x', 0)?.holders()], [2, ['b']])
  assert.equal(roster.newest('b', 0)?.round, 1)
  // What nobody can hold yet, as there is no such round, takes nobody out of those that there are.
  assert.equal(roster.newest('x', 0, 1)?.digest, d)
  assert.deepEqual([roster.hasStrayed(1, e, 'x', 0), roster.hasStrayed(1, d, 'x', 0)], [true, false])
})

test('Roster.reach() takes a peer out of what is averaged, and out of nothing else', () => {
  const ready = { phase: 'averaging', ready: true }
  const roster = rosterOf(joined('a'), present('a', ready), joined('b'), present('b', ready))
  const start = { round: 2, startDigest: d }
  assert.equal(roster.muster(start).ready('x'), 2)
  roster.reach('a', false)
  assert.deepEqual([roster.muster(start).ready('x'), roster.reachable('x'), roster.live('x', 0)], [1, 1, 2])
  roster.reach('a', true)
  assert.deepEqual([roster.muster(start).ready('x'), roster.muster({ ...start, round: 3 }).ready('x')], [2, 0])
})

test('Roster.copy() has heard the same and hears on alone; adopt() takes over what another knows of some', () => {
  const roster = rosterOf(joined('a'), present('a'), joined('b'), present('b'))
  const copy = roster.copy()
  copy.hear(present('a', { round: 9 }), 0)
  copy.hear(present('b', { round: 9 }), 0)
  const ninth = (one: Roster) => one.count('x', 0, ({ round }) => round === 9)
  assert.deepEqual([ninth(roster), ninth(copy)], [0, 2])
  roster.adopt(copy, ['a'])
  assert.deepEqual([ninth(roster), roster.count('x', 0, anyone)], [1, 2])
})

test('Roster.muster() tells which edition of the topology each ready peer would mix over', () => {
  const ready = { phase: 'averaging', ready: true }
  const roster = rosterOf(joined('a'), joined('b'), present('a', { ...ready, edition: 'x' }), present('b', ready))
  const editions = () =>
    roster
      .muster({ round: 2, startDigest: d })
      .allReady()
      .map(({ edition }) => edition)
  assert.deepEqual(editions(), ['x', undefined])
  assert.equal(roster.hear(present('b', { ...ready, edition: 'y' }), 1), true)
  assert.deepEqual(editions(), ['x', 'y'])
})
