import assert from 'node:assert/strict'
import test from 'node:test'
import { matchingId, rosterFreePairs, sessionId, sessionOrder } from '../../../src/averaging/session.ts'

const start = { round: 1, startDigest: 'd' }
const [a, b] = [
  { peer: 'a', examples: 5 },
  { peer: 'b', examples: 7 },
] as const

test('sessionId() does not care who lists the members, and differs with everything that must be agreed', () => {
  const id = sessionId(start, 'ring', [a, b])
  assert.equal(sessionId(start, 'ring', [b, a]), id)
  const others = [
    sessionId({ ...start, round: 2 }, 'ring', [a, b]),
    sessionId({ ...start, startDigest: 'e' }, 'ring', [a, b]),
    sessionId(start, 'base-4', [a, b]),
    sessionId(start, 'ring', [a]),
    sessionId(start, 'ring', [a, { ...b, examples: 8 }]),
    matchingId(start, 7),
    matchingId(start, 8),
  ]
  assert.equal(new Set([id, ...others]).size, 8)
})

test('sessionOrder() is one order for one seed, whoever lists the peers, and another for another', () => {
  const peers = Array.from({ length: 12 }, (_, i) => `p${i}`)
  assert.deepEqual(sessionOrder('s', [...peers].reverse()), sessionOrder('s', peers))
  assert.deepEqual([...sessionOrder('s', peers)].sort(), [...peers].sort())
  assert.notDeepEqual(sessionOrder('t', peers), sessionOrder('s', peers))
})

test('rosterFreePairs() pairs all but at most one, and mostly alike where one roster lacks a peer', () => {
  const peers = Array.from({ length: 12 }, (_, i) => `p${i}`)
  let shared = 0
  for (let seed = 0; seed < 50; seed++) {
    const [all, fewer] = [peers, peers.slice(1)].map((roster) => rosterFreePairs(String(seed), roster))
    assert.equal(new Set(all?.flat()).size, 12)
    assert.equal(fewer?.length, 5)
    shared += fewer?.filter(([x, y]) => all?.some(([p, q]) => p === x && q === y)).length ?? 0
  }
  assert.ok(shared / 50 > 2.5, `${shared / 50} of 5 pairs in common`)
})
