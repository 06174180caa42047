/** A node that follows no rules, against a network. */
import assert from 'node:assert/strict'
import { type TestContext, test } from 'node:test'
import { lpStream } from '@libp2p/utils'
import { multiaddr } from '@multiformats/multiaddr'
import { ConnectionWatch } from '../../peers/wiring/libp2p/connection-watch.ts'
import { createNode } from '../../peers/wiring/libp2p/node.ts'
import { topicName } from '../../peers/wiring/libp2p/topics.ts'
import { BLOBS_ID } from '../../protocols/blobs/constants.ts'
import { encodeExchange } from '../../protocols/exchange/codec.ts'
import { EXCHANGE_ID } from '../../protocols/exchange/constants.ts'
import { HELLO_ID } from '../../protocols/hello/constants.ts'
import { encodePresence } from '../../protocols/presence/codec.ts'
import { PRESENCE_ID } from '../../protocols/presence/constants.ts'
import { until } from '../contract/network.ts'
import { addressOf, hello, optionsOf, startNetwork } from './networks.ts'

const signal = () => AbortSignal.timeout(5_000)

/** A node with our transports and topics, and none of our manners. */
async function startNode(t: TestContext, seed: number) {
  const node = await createNode(optionsOf(seed), new ConnectionWatch())
  t.after(() => node.stop())
  await node.start()
  return node
}

test('HELLO-1, HELLO-6, WIRE-8: who says no hello gets no answer, is not heard, and is disconnected', async (t) => {
  const here = await startNetwork(t, optionsOf(1))
  const stranger = await startNode(t, 2)
  const connection = await stranger.dial(multiaddr(addressOf(here)))
  for (const protocol of [EXCHANGE_ID, BLOBS_ID]) {
    const frames = lpStream(await connection.newStream(protocol, { signal: signal() }))
    await frames.write(encodeExchange({ type: 'ack', xid: 'x' }), { signal: signal() }).catch(() => undefined)
    await assert.rejects(frames.read({ signal: signal() }), protocol)
  }
  const topic = topicName(PRESENCE_ID, hello.federation)
  stranger.services.pubsub.subscribe(topic)
  await until(() => stranger.services.pubsub.getSubscribers(topic).length > 0, 'it knows who listens')
  const digest = 'ab'.repeat(32)
  const presence = { type: 'presence', name: 'x', round: 1, phase: 'idle', digest, examples: 1, ready: true } as const
  // Who listens is known from their stream, while ours may still be opening: gossipsub drops what it cannot send.
  const said = async () => (await stranger.services.pubsub.publish(topic, encodePresence(presence))).recipients
  await until(async () => (await said()).length === 1, 'its announcement is under way')
  await until(() => connection.status !== 'open', 'it is disconnected')
  assert.deepEqual(here.events, [])
})

test('WIRE-10: rubbish on every protocol leaves the network at work', async (t) => {
  const here = await startNetwork(t, optionsOf(1))
  const stranger = await startNode(t, 2)
  const protocols = [HELLO_ID, EXCHANGE_ID, BLOBS_ID]
  const opened = new Set<string>()
  for (const protocol of protocols) {
    for (const rubbish of [new Uint8Array(0), new Uint8Array(100_000).fill(0xff), Uint8Array.of(0x80, 0x80, 0x80)]) {
      const talking = async () => {
        const connection = await stranger.dial(multiaddr(addressOf(here)))
        const stream = await connection.newStream(protocol, { signal: signal() })
        opened.add(protocol)
        stream.send(rubbish)
        await stream.close({ signal: signal() })
      }
      // That it is cut off in the middle of it is as good as being ignored.
      await talking().catch(() => undefined)
    }
  }
  assert.deepEqual([...opened], protocols)
  const friend = await startNetwork(t, optionsOf(3, { bootstrap: [addressOf(here)] }))
  await until(() => friend.of('joined').length === 1, 'others still join')
})

test('a node that does not speak the protocol is refused, by name', async (t) => {
  const node = await startNode(t, 2)
  const [address] = node.getMultiaddrs()
  const here = await startNetwork(t, optionsOf(1, { bootstrap: [`${address}`] }))
  await until(() => here.of('refused').length === 1, 'it is refused')
  assert.match(here.of('refused')[0]?.differs ?? '', /does not speak \/fedpit\/hello\/1/)
})
