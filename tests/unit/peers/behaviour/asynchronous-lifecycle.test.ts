import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { begin, decide } from '../../../../peers/behaviour/decide.ts'
import type { Effect } from '../../../../peers/behaviour/effects.ts'
import type { LifecycleEvent } from '../../../../peers/behaviour/lifecycle-parts.ts'

const deadlines = { join: 1, ready: 2, average: 3, pull: 4, round: 5, leave: 6 }
const together = { strayed: false, underWay: false, apart: false }
const newest = { round: 7, digest: 'n', holders: () => ['b'] }
type Happening = LifecycleEvent extends infer E ? (E extends { view: unknown } ? Omit<E, 'view'> : never) : never

/** What a peer does one after the other, as its events come. */
function live(version: number | undefined, rounds: number) {
  const asynchronous = version === undefined ? { bound: 2 } : { bound: 2, version }
  let [snapshot, effects] = begin({ completed: 0, rounds, base: 'b', deadlines, asynchronous })
  return {
    take(event: Happening, view: LifecycleEvent['view'] = together): readonly Effect[] {
      ;[snapshot, effects] = decide(snapshot, { ...event, view } as LifecycleEvent)
      return effects
    },
    get state() {
      return JSON.stringify(snapshot.value).replaceAll('"', '')
    },
  }
}
const started = (effects: readonly Effect[]) =>
  effects.flatMap((effect) => (effect.type === 'start' ? [`${effect.task.kind} ${JSON.stringify(effect.task)}`] : []))

test('a peer without rounds learns and exchanges by turns until enough updates are in what it holds, then answers', () => {
  const peer = live(undefined, 2)
  peer.take({ type: 'gathered' })
  for (const [version, state] of [
    [1.2, 'personalising'],
    [2.1, '{idle:done}'],
  ] as const) {
    assert.equal(peer.state, 'generating')
    peer.take({ type: 'generated' })
    peer.take({ type: 'trained', contributes: true })
    assert.equal(peer.state, 'exchanging')
    const effects = peer.take({ type: 'exchanged', digest: 'd', version })
    assert.deepEqual(
      effects.filter(({ type }) => type === 'save'),
      [{ type: 'save', completed: version < 2 ? 1 : 2, digest: 'd' }],
    )
    assert.equal(peer.state, state)
    if (version >= 2) continue
    peer.take({ type: 'personalised' })
    assert.equal(peer.state, 'evaluating')
    peer.take({ type: 'evaluated' })
  }
  peer.take({ type: 'dispersed' })
  assert.equal(peer.state, '{idle:concluding}')
  // By answering it has given away some of what it had: that does not send it back to work.
  peer.take({ type: 'exchanged', digest: 'e', version: 1.9 })
  assert.equal(peer.state, 'personalising')
  peer.take({ type: 'personalised' })
  peer.take({ type: 'evaluated' })
  assert.equal(peer.state, 'leaving')
})

test('a peer without rounds drops the update under way once most have come to their end', () => {
  for (const at of ['generating', 'training']) {
    const peer = live(0, 5)
    peer.take({ type: 'gathered' })
    if (at === 'training') peer.take({ type: 'generated' })
    assert.equal(peer.state, at)
    assert.match(started(peer.take({ type: 'overtaken' })).join(), /^hold/)
    assert.equal(peer.state, '{idle:done}')
  }
})

test('a peer without rounds that is apart from most takes the state of the newest, and may be done with that', () => {
  const peer = live(0, 7)
  assert.match(
    started(peer.take({ type: 'gathered' }, { ...together, apart: true, newest })).join(),
    /^pull.*"digest":"n"/,
  )
  peer.take({ type: 'pulled', checkpoint: { round: 7, digest: 'n', holders: ['b'] } })
  assert.equal(peer.state, '{idle:done}')
})

test('a peer without rounds comes to its end, whatever its exchanges come to', () => {
  const versions = fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 60, maxLength: 60 })
  fc.assert(
    fc.property(versions, fc.integer({ min: 1, max: 20 }), (gains, rounds) => {
      const peer = live(0, rounds)
      peer.take({ type: 'gathered' })
      let version = 0
      let updates = 0
      for (const gain of gains) {
        if (peer.state !== 'generating') break
        peer.take({ type: 'generated' })
        peer.take({ type: 'trained', contributes: true })
        // Its own update, less what it gives to others that are behind.
        version += 1 - gain / 2
        updates += 1
        peer.take({ type: 'exchanged', digest: 'd', version })
        peer.take({ type: 'personalised' })
        peer.take({ type: 'evaluated' })
      }
      assert.equal(peer.state, '{idle:done}', `${updates} updates, version ${version} of ${rounds}`)
      assert.ok(version >= rounds && updates <= 2 * rounds)
    }),
  )
})
