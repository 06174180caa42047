import assert from 'node:assert/strict'
import test from 'node:test'
import { Muster, type Standing } from '../../../../../peers/behaviour/averaging/muster.ts'
import type { SessionResult } from '../../../../../protocols/wire/announcements.ts'

const result = (stage: 'mixed' | 'settled', digest: string, mixed = 1): SessionResult => ({
  type: 'session',
  session: 's',
  round: 1,
  stage,
  mixed,
  digest,
  bytes: 4,
  sketch: [],
})

function musterOf(standings: Record<string, Standing>): Muster {
  const muster = new Muster()
  for (const [peer, standing] of Object.entries(standings)) muster.put(peer, standing)
  return muster
}

test('Muster counts who is ready and what they call the session, without whoever asks', () => {
  const muster = musterOf({
    a: { examples: 3, session: 's' },
    b: { examples: 4, session: 's' },
    c: { examples: 5 },
    d: { session: 's' },
  })
  assert.deepEqual([muster.ready('x'), muster.ready('c'), muster.strays('x'), muster.strays('d')], [3, 2, 1, 0])
  assert.deepEqual([muster.naming('s', 'x'), muster.naming('s', 'a'), muster.naming('t', 'x')], [2, 1, 0])
  assert.deepEqual([muster.takingPart('x'), muster.takingPart('b'), muster.takingPart('c')], [2, 1, 2])
  muster.put('a', { examples: 3, session: 't' })
  assert.deepEqual([muster.naming('s', 'x'), muster.naming('t', 'x'), muster.takingPart('x')], [1, 1, 2])
  muster.put('b', undefined)
  assert.deepEqual([muster.ready('x'), muster.naming('s', 'x'), muster.takingPart('x')], [2, 0, 1])
})

test('Muster lists are in order, and the same ones until something changes that they rest on', () => {
  const muster = musterOf({ b: { examples: 4, session: 's' }, a: { examples: 3 } })
  const ready = muster.allReady()
  assert.deepEqual(
    ready.map(({ peer }) => peer),
    ['a', 'b'],
  )
  muster.put('a', { examples: 3, session: 's' })
  assert.equal(muster.allReady(), ready)
  assert.equal(muster.allTakingPart().length, 2)
  muster.put('a', { examples: 9, session: 's' })
  assert.equal(muster.allReady()[0]?.examples, 9)
})

test('Muster.behind() counts who has mixed less, but not who is not waited for', () => {
  const muster = musterOf({
    a: { session: 's' },
    b: { session: 's', mixed: result('mixed', 'm', 1) },
    c: { session: 's', mixed: result('mixed', 'n', 2) },
    d: { examples: 3 },
  })
  const behind = (passes: number, self: string, ...silent: string[]) => muster.behind(passes, self, new Set(silent))
  assert.deepEqual([behind(1, 'x'), behind(2, 'x'), behind(2, 'a'), behind(2, 'a', 'a', 'b', 'd', 'c')], [1, 2, 1, 0])
})

test('Muster.members() and votes() count those who took part by a time, as long as they do', () => {
  const settled = (digest: string): Standing => ({ session: 's', settled: result('settled', digest) })
  const muster = musterOf({ a: settled('m'), b: settled('n'), c: settled('m'), d: { examples: 1 } })
  const then = muster.arrivals
  muster.put('late', settled('m'))
  assert.deepEqual([muster.members('x', then), muster.members('a', then), muster.members('d', then)], [3, 2, 3])
  assert.deepEqual([...muster.votes('a', then)].sort(), [
    ['m', 1],
    ['n', 1],
  ])
  assert.deepEqual([...muster.votes('b', muster.arrivals)], [['m', 3]])
  muster.put('c', undefined)
  assert.deepEqual([muster.members('x', then), muster.votes('x', then).get('m')], [2, 1])
})

test('Muster: who has gone on is not waited for, and its result can be had', () => {
  const ended = { session: 't', ended: true, mixed: result('mixed', 'n', 0), settled: result('settled', 'n') }
  const muster = musterOf({ a: { session: 's', settled: result('settled', 'm') }, b: ended })
  assert.deepEqual([muster.strays('x'), muster.behind(1, 'x', new Set())], [1, 1])
  assert.deepEqual([...muster.holders('n')], ['b', 'b'])
  const then = muster.arrivals
  assert.deepEqual([muster.endedOtherwise('m', 'x', then), muster.endedOtherwise('n', 'x', then)], [1, 0])
  assert.equal(muster.endedOtherwise('m', 'b', then), 0)
  muster.put('b', { ...ended, ended: false })
  assert.deepEqual(
    [muster.strays('x'), muster.behind(1, 'x', new Set()), muster.endedOtherwise('m', 'x', then)],
    [2, 2, 0],
  )
})

test('Muster.holders() names who settled on a state before who mixed it, and claims() what was mixed by then', () => {
  const muster = musterOf({
    a: { session: 's', mixed: result('mixed', 'm') },
    b: { session: 's', mixed: result('mixed', 'k'), settled: result('settled', 'm') },
  })
  const then = muster.arrivals
  muster.put('late', { session: 's', mixed: result('mixed', 'l') })
  assert.deepEqual([...muster.holders('m')], ['b', 'a'])
  assert.deepEqual(
    muster.claims('x', then).map(({ digest }) => digest),
    ['k', 'm'],
  )
  assert.deepEqual([muster.mixedIn('s').length, muster.mixedIn('t').length, muster.settledIn()], [3, 0, 's'])
})
