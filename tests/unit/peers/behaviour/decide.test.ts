import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { transition } from 'xstate'
import { begin, decide } from '../../../../peers/behaviour/decide.ts'
import type { lifecycle } from '../../../../peers/behaviour/lifecycle.ts'
import type { LifecycleEvent } from '../../../../peers/behaviour/lifecycle-parts.ts'

const deadlines = { join: 1, ready: 2, average: 3, pull: 4, round: 5, leave: 6 }
const checkpoint = { round: 2, digest: 'c', holders: ['a'] }
const happening = fc.constantFrom(
  { type: 'gathered' } as const,
  { type: 'generated' } as const,
  { type: 'trained', contributes: true } as const,
  { type: 'ready' } as const,
  { type: 'overtaken' } as const,
  { type: 'averaged', digest: 'd' } as const,
  { type: 'exchanged', digest: 'e', version: 1.5 } as const,
  { type: 'exchanged', digest: 'f', version: 2.5 } as const,
  { type: 'pulled', checkpoint } as const,
  { type: 'evaluated' } as const,
  { type: 'failed', reason: 'broken' } as const,
  { type: 'deadline' } as const,
  { type: 'dispersed' } as const,
  { type: 'leave', reason: 'stopped' } as const,
)
const view = fc.record({
  newest: fc.constantFrom(
    { round: 1, digest: 'n', holders: () => ['b'] },
    { round: 3, digest: 'm', holders: () => [] },
  ),
  strayed: fc.boolean(),
  underWay: fc.boolean(),
  apart: fc.boolean(),
})

test('decide() gives the snapshot and the effects of XState itself, whatever happens to a peer', () => {
  fc.assert(
    fc.property(fc.boolean(), fc.array(fc.tuple(happening, view), { maxLength: 30 }), (alone, events) => {
      const asynchronous = alone ? { asynchronous: { bound: 2 } } : {}
      let [snapshot] = begin({ completed: 0, rounds: 2, base: 'b', deadlines, ...asynchronous })
      for (const [what, view] of events) {
        const event: LifecycleEvent = { ...what, view }
        const [expected, actions] = transition(snapshot.machine as typeof lifecycle, snapshot, event)
        const [next, effects] = decide(snapshot, event)
        assert.deepEqual([next.value, next.context, next.status], [expected.value, expected.context, expected.status])
        assert.deepEqual(
          effects,
          actions.flatMap(({ type, params }) => (type === 'perform' ? [params] : [])),
        )
        snapshot = next
      }
    }),
    { numRuns: 200 },
  )
})
