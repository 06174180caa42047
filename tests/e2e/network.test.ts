/** Networks over real sockets on loopback. */
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { type AddressInfo, connect, createServer, type Socket } from 'node:net'
import { type TestContext, test } from 'node:test'
import { fileURLToPath } from 'node:url'
import { createLibp2pNetwork } from '../../peers/wiring/libp2p/network.ts'
import type { LocalHello } from '../../peers/wiring/libp2p/options.ts'
import { createMemoryDisk, openMemoryStore } from '../../peers/wiring/memory-store.ts'
import { digestOf } from '../../protocols/blobs/puller.ts'
import { until } from '../contract/network.ts'
import { addressOf, givenPort, type Heard, hello, optionsOf, startNetwork } from './networks.ts'
import { slowLine } from './slow-line.ts'

test('three networks join through one address, and exchange 4 MB and a blob of 5 MB', async (t) => {
  const one = await startNetwork(t, optionsOf(1))
  const bootstrap = [addressOf(one)]
  const two = await startNetwork(t, optionsOf(2, { bootstrap }))
  const three = await startNetwork(t, optionsOf(3, { bootstrap }))
  const all = () => [one, two, three].every(({ network }) => network.connected().length === 2)
  await until(all, 'each is connected with both others')

  const state = Uint8Array.from({ length: 4_000_000 }, (_, i) => (i * 7) >> 2)
  await two.network.send(three.network.self, { type: 'counter', xid: 'x', state })
  assert.deepEqual(three.of('exchange'), [
    { type: 'exchange', from: two.network.self, message: { type: 'counter', xid: 'x', state } },
  ])

  const blob = Uint8Array.from({ length: 5_000_000 }, (_, i) => (i * 13) >> 1)
  const before = three.network.traffic().received
  one.network.offer(digestOf(blob), blob)
  const fetched = await three.network.fetch(digestOf(blob), blob.byteLength, [two.network.self, one.network.self])
  assert.ok(Buffer.from(fetched).equals(blob))
  const carried = three.network.traffic().received - before
  assert.ok(carried > 5_000_000 && carried < 5_200_000, `${carried} bytes were received for 5,000,000`)
})

const others: [string, Partial<LocalHello>][] = [
  ['federation', { federation: 'south' }],
  ['base model', { model: 'model-2' }],
  ['adapter layout', { layout: 'layout-2' }],
  ['mode', { capabilities: { ...hello.capabilities, mode: 'mixed' } }],
]
for (const [what, change] of others) {
  test(`a peer with another ${what} is refused, and both sides see the reason`, async (t) => {
    const here = await startNetwork(t, optionsOf(1))
    const there = await startNetwork(t, optionsOf(2, { bootstrap: [addressOf(here)], hello: { ...hello, ...change } }))
    await until(() => here.of('refused').length > 0 && there.of('refused').length > 0, 'both report the refusal')
    for (const { events, network } of [here, there]) {
      const [event] = events
      assert.ok(event?.type === 'refused')
      assert.match(event.differs, new RegExp(`^${what} differs: expected .+, got .+$`))
      assert.deepEqual(network.connected(), [])
    }
    await until(() => here.network.traffic().sent > 0, 'bytes were counted')
    await assert.rejects(there.network.send(here.network.self, { type: 'ack', xid: 'x' }), {
      code: 'network.not-joined',
    })
  })
}

test('an allowlist keeps an outsider out before any hello, and says so to it', async (t) => {
  const friend = await createLibp2pNetwork(optionsOf(2))
  const here = await startNetwork(t, optionsOf(1, { allowlist: [friend.self] }))
  const bootstrap = [addressOf(here)]
  const outsider = await startNetwork(t, optionsOf(3, { bootstrap }))
  const allowed = await startNetwork(t, optionsOf(2, { bootstrap, allowlist: [here.network.self] }))
  await until(() => here.of('joined').length > 0 && outsider.of('refused').length > 0, 'one joins, one is told')
  assert.deepEqual(here.network.connected(), [allowed.network.self])
  assert.match(outsider.of('refused')[0]?.differs ?? '', /allowlist/)
  assert.deepEqual(outsider.network.connected(), [])
})

test('peers with one pre-shared key join; another key, none, or one too many gets no connection and is told at once', async (t) => {
  const preSharedKey = new Uint8Array(32).fill(9)
  const otherKey = new Uint8Array(32).fill(8)
  const here = await startNetwork(t, optionsOf(1, { preSharedKey }))
  const open = await startNetwork(t, optionsOf(2))
  const [bootstrap, toOpen] = [[addressOf(here)], [addressOf(open)]]
  const friend = await startNetwork(t, optionsOf(3, { preSharedKey, bootstrap }))
  const others = await Promise.all([
    startNetwork(t, optionsOf(4, { preSharedKey: otherKey, bootstrap })),
    startNetwork(t, optionsOf(5, { bootstrap })),
    startNetwork(t, optionsOf(6, { preSharedKey: otherKey, bootstrap: toOpen })),
  ])
  await until(() => friend.of('joined').length > 0, 'the one with the key joins')
  await until(() => others.every((peer) => peer.of('refused').length > 0), 'the others are told', 30_000)
  for (const peer of others) assert.match(peer.of('refused')[0]?.differs ?? '', /pre-shared keys may differ/)
  assert.deepEqual(
    [here, open].map(({ network }) => network.connected()),
    [[friend.network.self], []],
  )
})

test('noise that looks like the beginning of a long message ends a connection at once, for who dials and who is dialled', async (t) => {
  // The first byte promises more than the 40 that come: its end would be waited for in vain.
  const noise = Uint8Array.from({ length: 40 }, (_, i) => (i === 0 ? 100 : 7 * i))
  const here = await startNetwork(t, optionsOf(1))
  const socket = connect(Number(addressOf(here).split('/')[4]), '127.0.0.1').on('error', () => {})
  t.after(() => socket.destroy())
  socket.write(noise)
  await until(() => socket.closed, 'its connection is ended', 3_000)

  const port = await listen(t, (caller) => caller.write(noise))
  const { self } = await createLibp2pNetwork(optionsOf(2))
  const peer = await startNetwork(t, optionsOf(3, { bootstrap: [`/ip4/127.0.0.1/tcp/${port}/p2p/${self}`] }))
  await until(() => peer.of('refused').length > 0, 'it is told', 30_000)
  assert.match(peer.of('refused')[0]?.differs ?? '', /pre-shared keys may differ \(what came first is noise\)$/)
})

test('a machine that answers too slowly is told of as that, not as one with another pre-shared key', async (t) => {
  const port = await listen(t, () => {})
  const { self } = await createLibp2pNetwork(optionsOf(2))
  const peer = await startNetwork(t, optionsOf(1, { bootstrap: [`/ip4/127.0.0.1/tcp/${port}/p2p/${self}`] }))
  await until(() => peer.of('refused').length > 0, 'it is told', 30_000)
  const differs = peer.of('refused')[0]?.differs ?? ''
  assert.match(differs, /^no encrypted connection came about in time: the other machine or the line may be too slow/)
  assert.doesNotMatch(differs, /keys/)
})

/** The port of a machine that is none of ours, which does `answer` to all that connect. */
async function listen(t: TestContext, answer: (caller: Socket) => void): Promise<number> {
  const callers = new Set<Socket>()
  const server = createServer((caller) => {
    callers.add(caller.on('error', () => {}))
    answer(caller)
  }).listen(0, '127.0.0.1')
  t.after(() => {
    server.close()
    for (const caller of callers) caller.destroy()
  })
  await once(server, 'listening')
  return (server.address() as AddressInfo).port
}

/** Starts a network in its own process; the test's end kills it. */
function startChild(t: TestContext, seed: number, address: string) {
  const child = spawn(
    process.execPath,
    [fileURLToPath(import.meta.resolve('./network-child.ts')), `${seed}`, address],
    {
      stdio: 'inherit',
    },
  )
  t.after(() => child.kill('SIGKILL'))
  return child
}

test('a killed peer is seen to leave, and joins again under the same id when it is started again', async (t) => {
  const here = await startNetwork(t, optionsOf(1))
  const child = startChild(t, 5, addressOf(here))
  await until(() => here.of('joined').length === 1, 'it joins', 60_000)
  child.kill('SIGKILL')
  await once(child, 'exit')
  await until(() => here.of('left').length === 1, 'it is seen to leave', 2_000)
  startChild(t, 5, addressOf(here))
  await until(() => here.of('joined').length === 2, 'it joins again', 60_000)
  const [first, second] = here.of('joined')
  assert.equal(first?.peer, second?.peer)
})

test('a frozen peer is seen to leave within ten seconds, sending to it fails, and thawed it joins again', async (t) => {
  const here = await startNetwork(t, optionsOf(1))
  const child = startChild(t, 6, addressOf(here))
  await until(() => here.of('joined').length === 1, 'it joins', 60_000)
  child.kill('SIGSTOP')
  const state = new Uint8Array(4_000_000)
  const sending = here.network.send(here.network.connected()[0] ?? '', { type: 'counter', xid: 'x', state })
  await assert.rejects(sending, { code: 'wire.interrupted' })
  await until(() => here.of('left').length === 1, 'it is seen to leave', 10_000)
  child.kill('SIGCONT')
  await until(() => here.of('joined').length === 2, 'it joins again')
})

test('a peer that starts before the one it joins through finds it when it comes', async (t) => {
  const listen = [`/ip4/127.0.0.1/tcp/${givenPort}`]
  const later = await createLibp2pNetwork(optionsOf(1))
  const early = await startNetwork(t, optionsOf(2, { bootstrap: [`${listen[0]}/p2p/${later.self}`] }))
  await new Promise((resolve) => setTimeout(resolve, 1_000))
  assert.deepEqual(early.events, [])
  await startNetwork(t, optionsOf(1, { listen }))
  await until(() => early.of('joined').length === 1, 'it joins')
})

/** Three networks, of which the later two join through the first, each with a disk of its own; all joined. */
async function startThree(t: TestContext) {
  const disks = [createMemoryDisk(), createMemoryDisk(), createMemoryDisk()]
  const start = (i: number, bootstrap: string[] = []) =>
    startNetwork(t, optionsOf(i + 1, { bootstrap, store: openMemoryStore(disks[i] ?? createMemoryDisk()) }))
  const first = await start(0)
  const later = await Promise.all([start(1, [addressOf(first)]), start(2, [addressOf(first)])])
  const networks = [first, ...later]
  await allJoined(networks)
  return { networks, start }
}

const allJoined = (networks: readonly Heard[]) =>
  until(() => networks.every(({ network }) => network.connected().length === networks.length - 1), 'all have joined')

test('the first peer, whom nobody gave an address, comes back to its port and finds the others', async (t) => {
  const { networks, start } = await startThree(t)
  const [first, ...others] = networks
  assert.ok(first)
  const before = first.network.addresses()
  await first.network.stop()
  const back = await start(0)
  assert.deepEqual(back.network.addresses(), before)
  await allJoined([back, ...others])
})

test('the first peer whose port was taken meanwhile gets another and finds the others', async (t) => {
  const { networks, start } = await startThree(t)
  const [first, ...others] = networks
  assert.ok(first)
  const before = addressOf(first)
  const [listen = ''] = before.split('/p2p/')
  await first.network.stop()
  await startNetwork(t, optionsOf(9, { listen: [listen], hello: { ...hello, federation: 'south' } }))
  const back = await start(0)
  assert.notEqual(addressOf(back), before)
  await allJoined([back, ...others])
})

test('all were out, and nobody is given an address: they find each other again', async (t) => {
  const { networks, start } = await startThree(t)
  for (const { network } of networks) await network.stop()
  await allJoined(await Promise.all([start(0), start(1), start(2)]))
})

test('on a line of 2 Mbit/s a message of 2 MB arrives, and no one is taken for dead meanwhile', async (t) => {
  const here = await startNetwork(t, optionsOf(1))
  const [, , , , port] = addressOf(here).split('/')
  const line = await slowLine(Number(port), 250_000)
  t.after(() => line.close())
  const bootstrap = [`/ip4/127.0.0.1/tcp/${line.port}/p2p/${here.network.self}`]
  const there = await startNetwork(t, optionsOf(2, { bootstrap, listen: [] }))
  await until(() => there.of('joined').length === 1, 'it joins')
  const state = new Uint8Array(2_000_000).fill(7)
  const started = performance.now()
  await Promise.all([
    there.network.send(here.network.self, { type: 'counter', xid: 'x', state }),
    here.network.send(there.network.self, { type: 'counter', xid: 'y', state }),
  ])
  assert.ok(performance.now() - started > 6_000, 'the line was not slow')
  assert.deepEqual([here.of('left'), there.of('left')], [[], []])
})

test('a peer tells the addresses that it announces before its own, and others come in through them', async (t) => {
  const carried: Socket[] = []
  const router = createServer((socket) => {
    const line = connect({ host: '127.0.0.1', port: givenPort + 7 })
    carried.push(socket, line)
    for (const end of [socket, line]) end.on('error', () => undefined)
    socket.pipe(line).pipe(socket)
  })
  await once(router.listen(0, '127.0.0.1'), 'listening')
  t.after(() => {
    router.close()
    for (const socket of carried) socket.destroy()
  })
  const outside = `/ip4/127.0.0.1/tcp/${(router.address() as AddressInfo).port}`
  const listen = [`/ip4/127.0.0.1/tcp/${givenPort + 7}`]
  const behind = await startNetwork(t, optionsOf(1, { listen, announce: [outside] }))
  assert.deepEqual(behind.network.addresses(), [`${outside}/p2p/${behind.network.self}`])
  const guest = await startNetwork(t, optionsOf(2, { bootstrap: [addressOf(behind)] }))
  await until(() => guest.network.connected().length === 1, 'the guest is connected through the router')
  assert.equal(carried.length, 2)
  // What it heard of itself is passed on to others.
  const third = await startNetwork(t, optionsOf(3, { bootstrap: [addressOf(guest)] }))
  await until(() => third.network.connected().length === 2, 'a third one finds it through the guest')
  assert.equal(carried.length, 4)
})

test('fifteen peers on one machine join through one address, and all hear all', async (t) => {
  const manyPeersPerAddress = true
  const first = await startNetwork(t, optionsOf(1, { manyPeersPerAddress }))
  const bootstrap = [addressOf(first)]
  const others = await Promise.all(
    Array.from({ length: 14 }, (_, i) => startNetwork(t, optionsOf(2 + i, { manyPeersPerAddress, bootstrap }))),
  )
  const peers = [first, ...others]
  const all = () => peers.every(({ network }) => network.connected().length === 14)
  await until(all, 'each is connected with all others', 180_000)
  const digest = 'ab'.repeat(32)
  const presence = { type: 'presence', round: 1, phase: 'idle', digest, examples: 1, ready: true } as const
  const announce = (): void => {
    for (const [i, { network }] of peers.entries()) void network.announce({ ...presence, name: `peer ${i}` })
  }
  announce()
  // As peers do, and not as fast as can be: each word goes through fourteen others.
  const again = setInterval(announce, 1_000)
  t.after(() => clearInterval(again))
  const heard = () => peers.every((peer) => new Set(peer.of('announced').map(({ author }) => author)).size === 14)
  await until(heard, 'each hears all others', 60_000)
})

test('start() names the address it cannot listen on', async (t) => {
  const here = await startNetwork(t, optionsOf(1))
  const [address] = addressOf(here).split('/p2p/')
  const there = await createLibp2pNetwork(optionsOf(2, { listen: [`${address}`] }))
  await assert.rejects(there.start(), { code: 'network.listen', message: /^Cannot listen on \/ip4\/127/ })
  await there.stop()
})

test('createLibp2pNetwork() refuses keys of another length and addresses that it cannot read', async () => {
  const key = { privateKey: new Uint8Array(31) }
  await assert.rejects(createLibp2pNetwork(optionsOf(1, key)), { message: /private key: expected 32 bytes, got 31/ })
  const bootstrap = ['192.0.2.1:4001']
  await assert.rejects(createLibp2pNetwork(optionsOf(1, { bootstrap })), { code: 'network.address', family: 'input' })
})
