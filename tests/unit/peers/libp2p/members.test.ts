import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { NetworkEvent } from '../../../../peers/kernel/ports.ts'
import { Members } from '../../../../peers/wiring/libp2p/members.ts'
import type { Hello } from '../../../../protocols/hello/messages.ts'

const helloOf = (name: string, started = 1): Hello => {
  const terms = { version: 1, federation: 'f', model: 'm', layout: 'l', capabilities: {} }
  return { type: 'hello', ...terms, name, addresses: [`/ip4/192.0.2.1/tcp/1/p2p/${name}`], started }
}

function setUp() {
  const events: NetworkEvent[] = []
  return { events, members: new Members([], (event) => events.push(event)) }
}

test('join() reports a member once, and a repeated hello renews what is told of it', () => {
  const { events, members } = setUp()
  members.join('a', helloOf('a'))
  members.join('a', { ...helloOf('a'), addresses: [] })
  assert.deepEqual(
    events.map(({ type }) => type),
    ['joined'],
  )
  assert.deepEqual(members.list('b', 10, 10), [{ peer: 'a', addresses: [] }])
})

test('HELLO-10: join() under another start time reports that the member left and joined', () => {
  const { events, members } = setUp()
  members.join('a', helloOf('a', 1))
  members.join('a', helloOf('a', 2))
  assert.deepEqual(
    events.map(({ type }) => type),
    ['joined', 'left', 'joined'],
  )
})

test('leave() is reported once, and only of members', () => {
  const { events, members } = setUp()
  members.leave('a', 'gone')
  members.join('a', helloOf('a'))
  members.leave('a', 'gone')
  members.leave('a', 'gone')
  assert.deepEqual(
    events.map(({ type }) => type),
    ['joined', 'left'],
  )
  assert.deepEqual(members.keys(), [])
})

test('refuse() reports a reason once until it changes, and ends a membership', () => {
  const { events, members } = setUp()
  members.join('a', helloOf('a'))
  members.refuse('a', 'model differs')
  members.refuse('a', 'model differs')
  members.refuse('a', 'layout differs')
  assert.deepEqual(
    events.map(({ type }) => type),
    ['joined', 'left', 'refused', 'refused'],
  )
  members.join('a', helloOf('a'))
  members.refuse('a', 'layout differs')
  assert.equal(events.at(-1)?.type, 'refused')
})

test('refuse() of ever new ids reports some at once and then one now and then, and each membership ends', () => {
  const events: NetworkEvent[] = []
  let time = 0
  const members = new Members(
    [],
    (event) => events.push(event),
    () => time,
  )
  const reported = () => events.filter(({ type }) => type === 'refused').length
  for (let i = 0; i < 1000; i++) members.refuse(`id-${i}`, 'model differs')
  assert.equal(reported(), 20)
  members.join('a', helloOf('a'))
  members.refuse('a', 'model differs')
  assert.equal(events.at(-1)?.type, 'left')
  time = 60_000
  // One that was left out is reported when it comes again.
  members.refuse('id-999', 'model differs')
  assert.deepEqual(events.at(-1), { type: 'refused', peer: 'id-999', differs: 'model differs' })
})

test('HELLO-8: list() leaves out whom it is told to, and keeps to its limits', () => {
  const { members } = setUp()
  for (const name of ['a', 'b', 'c', 'd']) members.join(name, helloOf(name))
  assert.deepEqual(
    members.list('d', 2, 0).map(({ peer, addresses }) => [peer, addresses.length]),
    [
      ['b', 0],
      ['c', 0],
    ],
  )
})
