import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent, PeerEventBody } from '../../../../peers/events.ts'
import { simulationSchema } from '../../../../src/lab/simulation/scenario.ts'
import { overdue } from '../../../../src/lab/soak/overdue.ts'

const scenario = simulationSchema.parse({
  name: 'one',
  peers: 1,
  rounds: 2,
  deadlines: { join: 30, ready: 60, average: 40, pull: 20, round: 120, leave: 130 },
})
const loaded: PeerEventBody = { type: 'loaded', examples: 8, heldOut: 0 }
const phase = (phase: Extract<PeerEventBody, { type: 'phase' }>['phase'], round: number): PeerEventBody => ({
  ...{ type: 'phase', phase, round },
})
/** Of one peer: seconds, then what happened. */
const lateIn = (told: readonly (readonly [seconds: number, body: PeerEventBody])[], end: number): string[] =>
  overdue(
    told.map(([seconds, body]): PeerEvent => ({ at: 1000 * seconds, peer: 'p', name: 'p', ...body })),
    scenario,
    { from: 60, end, slowest: 3 },
  )

test('overdue() counts a phase from the moment that all faults are over, against its deadlines', () => {
  const until = (seconds: number) => [
    [0, phase('averaging', 1)] as const,
    [seconds, phase('evaluating', 1)] as const,
    [seconds + 1, { type: 'stopped', reason: 'done' } as const] as const,
  ]
  // Ready, average and pull come to 120 s, and 5 s are for what is tried again.
  assert.deepEqual(lateIn(until(60 + 125), 200), [])
  const expected = 'p was averaging in round 1 for 126.0 s after all faults were over: expected at most 125.0'
  assert.deepEqual(lateIn(until(60 + 126), 200), [expected])
})

test('overdue() finds a peer that is in its phase to the end, and lets it wait for the others when all is done', () => {
  assert.match(lateIn([[10, phase('training', 1)]], 300)[0] ?? '', /^p was training in round 1 for 240\.0 s/)
  assert.deepEqual(lateIn([[100, phase('idle', 3)]], 235), [])
  assert.match(lateIn([[100, phase('idle', 3)]], 236)[0] ?? '', /^p was idle in round 3 for 136\.0 s .* most 135\.0$/)
  assert.deepEqual(
    lateIn(
      [
        [10, phase('training', 1)],
        [20, { type: 'fault', fault: 'kill', detail: '' }],
      ],
      300,
    ),
    [],
  )
})

test('overdue() lets a peer be that left, whatever befell its machine afterwards', () => {
  assert.deepEqual(
    lateIn(
      [
        [20, phase('leaving', 1)],
        [20, { type: 'stopped', reason: 'stopped' }],
        [50, { type: 'fault', fault: 'heal', detail: '' }],
      ],
      300,
    ),
    [],
  )
})

test('overdue() finds a round that is begun again and again, though no phase of it is long', () => {
  const lives = Array.from({ length: 40 }, (_, i) => [
    [60 + 20 * i, loaded] as const,
    [61 + 20 * i, phase('training', 2)] as const,
    [79 + 20 * i, { type: 'traffic', sent: 1, received: 1 }] as const,
  ])
  const [late, ...rest] = lateIn(lives.flat(), 860)
  assert.deepEqual(rest, [])
  assert.match(late ?? '', /^p was in round 2 for 799\.0 s after all faults were over: expected at most 428\.0$/)
})
