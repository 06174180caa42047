import assert from 'node:assert/strict'
import test from 'node:test'
import { createLocalClock } from '../../../peers/kernel/local-clock.ts'
import type { NetworkEvent } from '../../../peers/kernel/ports.ts'
import { createVirtualClock } from '../../../peers/kernel/virtual-clock.ts'
import type { LinkOptions } from '../../../peers/wiring/memory-links.ts'
import { createMemoryNetworks } from '../../../peers/wiring/memory-network.ts'
import type { ExchangeMessage } from '../../../protocols/exchange/messages.ts'
import { createRandom } from '../../../src/core/random.ts'

const ack = (xid: string): ExchangeMessage => ({ type: 'ack', xid })

async function trio(links?: LinkOptions) {
  const clock = createVirtualClock()
  const networks = createMemoryNetworks(clock, createRandom('links'), links === undefined ? {} : { links })
  const peers = ['a', 'b', 'c'].map((key) => {
    const events: NetworkEvent[] = []
    const network = networks.create(key, key.toUpperCase())
    network.subscribe((event) => events.push(event))
    return { network, events }
  }) as [Peer, Peer, Peer]
  for (const { network } of peers) await network.start()
  return { clock, networks, peers }
}
type Peer = { network: ReturnType<ReturnType<typeof createMemoryNetworks>['create']>; events: NetworkEvent[] }

const kinds = ({ events }: Peer): string[] =>
  events.map((event) => ('peer' in event ? `${event.type} ${event.peer}` : event.type))

test('MemoryNetworks tell of each other, carry messages and announcements, and count bytes', async () => {
  const { clock, peers } = await trio()
  const [a, b, c] = peers
  assert.deepEqual(kinds(a), ['joined b', 'joined c'])
  await clock.until(a.network.send('b', ack('x')))
  assert.deepEqual(b.events.at(-1), { type: 'exchange', from: 'a', message: ack('x') })
  const announcement = { type: 'update', round: 1, digest: 'd', bytes: 1, examples: 1, metrics: {} } as const
  assert.equal(await a.network.announce(announcement), 2)
  await clock.advance(100)
  assert.deepEqual(c.events.at(-1), { type: 'announced', author: 'a', announcement })
  assert.equal(b.network.traffic().received, a.network.traffic().sent - c.network.traffic().received)
})

test('MemoryNetworks.kill() loses what is under way, and others see the connection break', async () => {
  const { clock, networks, peers } = await trio()
  const [a, b, c] = peers
  const sending = a.network.send('b', ack('x'))
  networks.kill('b')
  await assert.rejects(clock.until(sending), /Cannot reach b/)
  assert.ok(!b.events.some(({ type }) => type === 'exchange'))
  assert.deepEqual([kinds(a).at(-1), kinds(c).at(-1)], ['left b', 'left b'])
  assert.deepEqual(a.network.connected(), ['c'])
  const again = networks.create('b', 'B')
  await again.start()
  assert.deepEqual(a.network.connected(), ['c', 'b'])
})

test('MemoryNetworks.partition() lets nothing pass and tells nobody, until heal()', async () => {
  const { clock, networks, peers } = await trio()
  const [a, b] = peers
  networks.partition([['a'], ['b', 'c']])
  await assert.rejects(a.network.send('b', ack('x')), /Cannot reach b/)
  assert.deepEqual(a.network.connected(), [])
  await clock.until(b.network.send('c', ack('y')))
  assert.ok(!kinds(a).some((kind) => kind.startsWith('left')))
  networks.heal()
  await clock.until(a.network.send('b', ack('z')))
})

test('MemoryNetworks lose, double and reorder by the given shares, the same for the same seed', async () => {
  const outcome = async () => {
    const { clock, peers } = await trio({ delayMs: 1, jitterMs: 50, loss: 0.2, duplication: 0.1 })
    const [a, b] = peers
    const sends = Array.from({ length: 2000 }, (_, i) =>
      a.network.send('b', ack(String(i))).then(
        () => 1,
        () => 0,
      ),
    )
    const kept = (await clock.until(Promise.all(sends))).reduce<number>((sum, one) => sum + one, 0)
    await clock.advance(100)
    const order = b.events.flatMap((event) => (event.type === 'exchange' ? [Number(event.message.xid)] : []))
    return { kept, order }
  }
  const { kept, order } = await outcome()
  assert.ok(Math.abs(kept / 2000 - 0.8) < 0.03, `${kept} of 2000 kept`)
  assert.ok(Math.abs(new Set(order).size / 2000 - 0.9) < 0.03, 'half of the lost ones arrive all the same')
  assert.ok(order.length > new Set(order).size, 'some came twice')
  assert.notDeepEqual(
    order,
    [...order].sort((x, y) => x - y),
  )
  assert.deepEqual(await outcome(), { kept, order })
})

test('MemoryNetworks give a blob from whoever holds it, and each receiver its own copy of a state', async () => {
  const { clock, networks, peers } = await trio()
  const [a, b, c] = peers
  b.network.offer('d', Uint8Array.of(1, 2))
  networks.kill('c')
  const bytes = await clock.until(a.network.fetch('d', 2, ['c', 'b']))
  assert.deepEqual(bytes, Uint8Array.of(1, 2))
  await assert.rejects(clock.until(a.network.fetch('e', 2, ['b'])), /Cannot fetch blob e/)
  const state = Uint8Array.of(7)
  await clock.until(a.network.send('b', { type: 'counter', xid: 'x', state }))
  state[0] = 8
  const last = b.events.at(-1)
  assert.ok(last?.type === 'exchange' && last.message.type === 'counter' && last.message.state[0] === 7)
  assert.ok(!c.network.connected().includes('a'))
})

/** `a` fetches for a minute from `b`; both can be stopped. `c` holds the same. Gives what it got, and when. */
async function fetchOfAMinute(holders: readonly string[], signal?: AbortSignal) {
  const clock = createVirtualClock()
  const links = { delayMs: 0, jitterMs: 0, loss: 0, duplication: 0, bytesPerSecond: 1000 }
  const networks = createMemoryNetworks(clock, createRandom('links'), { links })
  const [asker, holder] = [createLocalClock(clock), createLocalClock(clock)]
  const a = networks.create('a', 'A', asker)
  const [b, c] = [networks.create('b', 'B', holder), networks.create('c', 'C')]
  for (const network of [a, b, c]) await network.start()
  for (const network of [b, c]) network.offer('d', new Uint8Array(60_000))
  const fetching = () =>
    clock.until(
      a.fetch('d', 60_000, holders, signal).then(
        ({ length }) => `${length} bytes at ${clock.now()}`,
        (error: Error) => `${error.name} at ${clock.now()}`,
      ),
    )
  return { clock, asker, holder, fetching }
}

test('MemoryNetwork.fetch() gets nothing from a stopped holder until it goes on, or from the next one', async () => {
  const before = await fetchOfAMinute(['b'])
  before.holder.pause()
  before.clock.later(3000, before.holder.resume)
  assert.equal(await before.fetching(), '60000 bytes at 63000')
  const midway = await fetchOfAMinute(['b'])
  midway.clock.later(58_000, midway.holder.pause)
  midway.clock.later(62_000, midway.holder.resume)
  assert.equal(await midway.fetching(), '60000 bytes at 62000')
  const forGood = await fetchOfAMinute(['b', 'c'])
  forGood.holder.pause()
  assert.equal(await forGood.fetching(), '60000 bytes at 65000')
})

test('MemoryNetwork.fetch() rejects when aborted midway, even while its holder or itself is stopped', async () => {
  for (const stopped of ['nobody', 'holder', 'asker'] as const) {
    const stop = new AbortController()
    const { clock, asker, holder, fetching } = await fetchOfAMinute(['b', 'c'], stop.signal)
    asker.later(1000, () => stop.abort())
    if (stopped === 'holder') holder.pause()
    if (stopped === 'asker') asker.pause()
    clock.later(70_000, asker.resume)
    assert.equal(await fetching(), `AbortError at ${stopped === 'asker' ? 70_000 : 1000}`)
  }
})
