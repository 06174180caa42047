import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { PeerEvent } from '../../../peers/events.ts'
import { outcomesOf } from '../../../src/lab/outcome.ts'
import { verdictOf } from '../../../src/lab/verdict.ts'
import { eventsOf } from './events.ts'

/** Until the middle of its evaluation: it has an adapter by then. */
const killed = (name: string, digest: string): PeerEvent[] => eventsOf(name, digest).filter(({ at }) => at < 7500)
const verdict = (peers: number, ...events: PeerEvent[][]): string => verdictOf(outcomesOf(events.flat()), peers)

test('verdictOf() says of all peers whether they hold the same adapter', () => {
  assert.equal(verdict(2, eventsOf('ada', 'aa'), eventsOf('bob', 'aa')), 'All peers hold the same global adapter.')
  assert.equal(
    verdict(2, eventsOf('ada', 'aa'), eventsOf('bob', 'bb')),
    'The peers do NOT hold the same global adapter.',
  )
})

test('verdictOf() counts those that came to their end where some did not, or said nothing at all', () => {
  const done = [eventsOf('ada', 'aa'), eventsOf('bob', 'aa')]
  const same = '2 of 3 peers came to their end; those hold the same global adapter.'
  assert.equal(verdict(3, ...done, killed('cyd', 'aa')), same)
  assert.equal(verdict(3, ...done, killed('cyd', 'bb')), same)
  assert.equal(verdict(3, ...done), same)
  const apart = '2 of 3 peers came to their end; those do NOT hold the same global adapter.'
  assert.equal(verdict(3, eventsOf('ada', 'aa'), eventsOf('bob', 'bb'), killed('cyd', 'aa')), apart)
})

test('verdictOf() counts them without rounds too, where each holds an adapter of its own', () => {
  const held = (name: string): PeerEvent => {
    const what = { type: 'held', round: 1, version: 1, digest: 'aa', sketch: [1] } as const
    return { at: 7400, peer: `key-${name}`, name, ...what }
  }
  const [ada, bob] = ['ada', 'bob'].map((name) => [...killed(name, 'aa'), held(name)]) as [PeerEvent[], PeerEvent[]]
  const stopped: PeerEvent = { at: 8000, peer: 'key-ada', name: 'ada', type: 'stopped', reason: 'done' }
  assert.match(verdict(2, [...ada, stopped], bob), /^1 of 2 peers came to their end\. Without rounds every peer holds/)
  assert.match(verdict(1, [...ada, stopped]), /^Without rounds every peer holds an adapter of its own/)
})
