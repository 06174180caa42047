import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Connection } from '@libp2p/interface'
import { streamPair } from '@libp2p/utils'
import { Greeting } from '../../../../peers/wiring/libp2p/greeting.ts'
import { Members } from '../../../../peers/wiring/libp2p/members.ts'
import type { Node } from '../../../../peers/wiring/libp2p/node.ts'
import type { Hello } from '../../../../protocols/hello/messages.ts'

const terms = { version: 1, federation: 'f', model: 'm', layout: 'l', capabilities: {} }
const hello: Hello = { type: 'hello', ...terms, name: 'peer', addresses: [], started: 1 }

test('a hello to a member that is not answered ends its stream, and the member stays', async () => {
  const members = new Members([], () => {})
  members.join('a', hello)
  const [stream] = await streamPair()
  // Of a connection, and of a node below, a hello asks for no more than this; libp2p makes no smaller ones.
  const connection = { remotePeer: 'a', status: 'open', newStream: async () => stream } as unknown as Connection
  const greeting = new Greeting({ node: {} as Node, members, hello: () => hello, learn: () => {}, hear: () => {} })
  await assert.rejects(greeting.greet(connection, AbortSignal.timeout(100)))
  assert.equal(stream.status, 'aborted')
  assert.ok(members.has('a'))
})
