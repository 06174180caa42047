import assert from 'node:assert/strict'
import test from 'node:test'
import { createVirtualClock } from '../../../../../peers/kernel/virtual-clock.ts'
import { createMemoryNetworks, type MemoryNetwork } from '../../../../../peers/wiring/memory-network.ts'
import type { Presence } from '../../../../../protocols/wire/announcements.ts'
import { createRandom } from '../../../../../src/core/random.ts'

const spreadMs = 800
const delayMs = 10
const presence = (name: string, round: number): Presence => ({
  type: 'presence',
  name,
  round,
  phase: 'training',
  digest: 'd'.repeat(64),
  examples: 1,
  ready: false,
})
const keys = Array.from({ length: 40 }, (_, i) => `p${i + 10}`)

async function world() {
  const clock = createVirtualClock()
  const links = { delayMs, jitterMs: 0, loss: 0, duplication: 0 }
  const networks = createMemoryNetworks(clock, createRandom('log'), { links, gossip: { spreadMs: () => spreadMs } })
  const peers = new Map(keys.map((key) => [key, networks.create(key, key)]))
  for (const network of peers.values()) await network.start()
  await clock.advance(2 * spreadMs)
  const peer = (key: string) => peers.get(key) as MemoryNetwork
  return { clock, networks, peers, peer }
}
/** Others that the peer knows to be in this round. */
const inRound = ({ hearing, self }: MemoryNetwork, round: number) =>
  hearing.roster.count(self, 0, (at) => at.round === round)

test('a log tells everybody of everybody, each announcement within the longest delay and to each after its own', async () => {
  const { clock, peers, peer } = await world()
  for (const network of peers.values()) assert.equal(network.hearing.roster.live(network.self, 0), keys.length - 1)
  await peer('p10').announce(presence('p10', 1))
  const began = clock.now()
  const times = new Map<string, number>()
  for (const network of peers.values()) {
    network.hearing.watch(() => times.set(network.self, clock.now() - began))
  }
  await clock.advance(delayMs + spreadMs)
  assert.equal(times.size, keys.length)
  assert.ok(new Set(times.values()).size > 4, 'their delays differ')
  assert.ok(Math.max(...times.values()) > spreadMs / 2 && Math.min(...times.values()) < spreadMs / 2)
  for (const network of peers.values()) assert.equal(inRound(network, 1), network.self === 'p10' ? 0 : 1)
})

test('peers of one delay share a roster, and a peer’s own words do not count for it', async () => {
  const { clock, peers, peer } = await world()
  assert.equal(new Set([...peers.values()].map(({ hearing }) => hearing.roster)).size, 8)
  await peer('p10').announce(presence('p10', 1))
  await clock.advance(2 * spreadMs)
  const traffic = [...peers.values()].map((network) => network.traffic())
  assert.equal(peer('p10').traffic().received, 0)
  assert.equal(traffic.filter(({ received }) => received > 0).length, keys.length - 1)
  assert.equal(
    traffic.reduce((sum, { sent }) => sum + sent, 0),
    traffic.reduce((sum, { received }) => sum + received, 0),
  )
})

test('a killed peer is gone for all within a step, with what was on its way; its next life hears what was said last', async () => {
  const { clock, networks, peer } = await world()
  await peer('p11').announce(presence('p11', 3))
  await peer('p10').announce(presence('p10', 1))
  networks.kill('p10')
  await clock.advance(spreadMs / 8)
  assert.equal(peer('p12').hearing.roster.live('p12', 0), keys.length - 2)
  await clock.advance(2 * spreadMs)
  assert.equal(inRound(peer('p12'), 1), 0)
  const again = networks.create('p10', 'p10')
  await again.start()
  assert.equal(again.hearing.roster.live('p10', 0), 0)
  await clock.advance(2 * spreadMs)
  assert.deepEqual([again.hearing.roster.live('p10', 0), inRound(again, 3)], [keys.length - 1, 1])
  assert.equal(peer('p12').hearing.roster.live('p12', 0), keys.length - 1)
})

test('across a partition nothing is heard and all stay members; when it heals each hears what the others said last', async () => {
  const { clock, networks, peer } = await world()
  networks.partition([keys.slice(0, 20)])
  assert.equal(peer('p10').hearing.roster.reachable('p10'), 19)
  await peer('p10').announce(presence('p10', 1))
  await peer('p49').announce(presence('p49', 1))
  const late = networks.create('late', 'late')
  await late.start()
  await clock.advance(2 * spreadMs)
  const heard = (key: string) => [inRound(peer(key), 1), peer(key).hearing.roster.live(key, 0)]
  assert.deepEqual(
    [heard('p11'), heard('p48')],
    [
      [1, keys.length - 1],
      [1, keys.length],
    ],
  )
  // The first side falls apart once more: what it has not heard, it hears from nobody.
  networks.partition([keys.slice(0, 10), keys.slice(10, 20)])
  assert.deepEqual(
    [heard('p11'), heard('p25'), heard('p48')],
    [
      [1, keys.length - 1],
      [1, keys.length - 1],
      [1, keys.length],
    ],
  )
  networks.heal()
  for (const key of ['p11', 'p25', 'p48']) {
    assert.deepEqual(heard(key), [2, keys.length])
    assert.equal(peer(key).hearing.roster.reachable(key), keys.length)
  }
})

test('a peer that came up alone on its side, just before it heals, is known to everybody', async () => {
  const { clock, networks, peers } = await world()
  networks.partition([['c']])
  const c = networks.create('c', 'c')
  await c.start()
  // The nearest on its side would have heard of it by now; it has not yet heard of anybody.
  await clock.advance(delayMs + (1.5 * spreadMs) / 8)
  assert.ok(!c.hearing.roster.reaches('c'))
  networks.heal()
  await clock.advance(2 * spreadMs)
  const unaware = [c, ...peers.values()].filter(({ hearing }) => !hearing.roster.reaches('c'))
  assert.deepEqual(
    unaware.map(({ self }) => self),
    [],
  )
  assert.equal(c.hearing.roster.live('c', 0), keys.length)
})
