import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent } from '../../../../peers/events.ts'
import { mixingsOf } from '../../../../src/lab/simulation/mixings.ts'

type Outcome = 'done' | 'failed'
const told = (name: string, other: string, round: number, mixing: number, outcome: Outcome, session = 's') => {
  const what = { type: 'edge', round, session, mixing, other: `key-${other}`, outcome } as const
  const reason = outcome === 'failed' ? { reason: 'no answer' } : {}
  return { at: 0, peer: `key-${name}`, name, ...what, ...reason } satisfies PeerEvent
}

test('mixingsOf() gives each edge once, carried where either end says so, by round and mixing round in order', () => {
  const rounds = mixingsOf([
    told('c', 'a', 2, 1000, 'failed', 't'),
    told('b', 'a', 1, 1001, 'failed'),
    told('a', 'b', 1, 1000, 'done'),
    told('b', 'a', 1, 1000, 'failed'),
    told('b', 'c', 1, 1000, 'done'),
    told('c', 'b', 1, 1000, 'done'),
  ])
  assert.deepEqual(rounds, [
    {
      round: 1,
      sessions: 1,
      peers: ['a', 'b', 'c'],
      mixings: [
        {
          mixing: 1000,
          edges: [
            { a: 'a', b: 'b', carried: true },
            { a: 'b', b: 'c', carried: true },
          ],
        },
        { mixing: 1001, edges: [{ a: 'a', b: 'b', carried: false, reason: 'no answer' }] },
      ],
    },
    {
      round: 2,
      sessions: 1,
      peers: ['a', 'c'],
      mixings: [{ mixing: 1000, edges: [{ a: 'a', b: 'c', carried: false, reason: 'no answer' }] }],
    },
  ])
})

test('mixingsOf() counts the sessions of a round, and finds none where nobody averaged', () => {
  const [round] = mixingsOf([told('a', 'b', 1, 1000, 'done', 's'), told('c', 'd', 1, 1000, 'done', 't')])
  assert.equal(round?.sessions, 2)
  assert.deepEqual(mixingsOf([]), [])
})
