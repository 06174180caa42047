import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent, PeerEventBody } from '../../../../peers/events.ts'
import { brokenPromises, figuresOf } from '../../../../src/lab/simulation/figures.ts'
import { simulationSchema } from '../../../../src/lab/simulation/scenario.ts'

const scenario = simulationSchema.parse({ name: 'two', peers: 2, rounds: 2 })
const exchanged = { codec: 'fixed', bytes: 0, ends: 0, adapterBytes: 260, gathered: { states: 0, bytes: 0 } }
const simulation = { exchanged, digest: 'd', events: 0, seconds: 9, unfinished: [], sessions: [], drift: 0.1 }
const figures = (bodies: readonly PeerEventBody[]) =>
  figuresOf(
    scenario,
    simulation,
    bodies.map((body, at): PeerEvent => ({ at, peer: 'peer-1', name: 'peer-1', ...body })),
  )

test('figuresOf() adds bytes up by round over lives that count from zero, and those after the last round apart', () => {
  const { bytes } = figures([
    { type: 'phase', phase: 'joining', round: 1 },
    { type: 'traffic', sent: 10, received: 1 },
    { type: 'loaded', examples: 8, heldOut: 0 },
    { type: 'traffic', sent: 5, received: 2 },
    { type: 'phase', phase: 'generating', round: 2 },
    { type: 'traffic', sent: 25, received: 4 },
    // A peer that has done all its rounds waits for the others in the round that there is not.
    { type: 'phase', phase: 'idle', round: 3 },
    { type: 'traffic', sent: 32, received: 8 },
  ])
  assert.deepEqual(bytes, [
    { round: 1, sent: 15, received: 3 },
    { round: 2, sent: 20, received: 2 },
    { round: null, sent: 7, received: 4 },
  ])
})

test('figuresOf() adds up the exchanges that were given up unresolved, each once though both ends say so', () => {
  const drift = { type: 'drift', other: 'peer-2', reason: 'forgotten' } as const
  assert.deepEqual(figures([]).givenUp, { exchanges: 0, units: 0 })
  const { givenUp } = figures([
    { ...drift, xid: 'x', units: 3 },
    { ...drift, xid: 'y', units: 40 },
    { ...drift, xid: 'x', units: 3, other: 'peer-1' },
  ])
  assert.deepEqual(givenUp, { exchanges: 2, units: 43 })
})

test('brokenPromises() names sums that moved and adapters that differ, and nothing else that went wrong', () => {
  const whole = { ...figures([]), agreed: false, finished: 0 }
  assert.deepEqual(brokenPromises(whole), [])
  const apart = 'Peers that did all their rounds hold different global adapters'
  assert.deepEqual(brokenPromises({ ...whole, finished: 2 }), [apart])
  const session = {
    round: 3,
    session: 's',
    members: 2,
    consensus: [],
    error: 0,
    toOptimum: 0,
    results: 1,
    within: true,
    at: 3,
  }
  const moved = { ...whole, sessions: [{ ...session, sumKept: false }] }
  assert.deepEqual(brokenPromises(moved), ['The sum moved in session s of round 3'])
  // Without rounds each holds an adapter of its own.
  const asynchronous = { samples: [], sumKept: false }
  assert.deepEqual(brokenPromises({ ...whole, finished: 2, asynchronous }), ['The sum of what all peers held moved'])
})
