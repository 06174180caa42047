import assert from 'node:assert/strict'
import { test } from 'node:test'
import { setTimeout as sleep } from 'node:timers/promises'
import { Dialer, pauseMs } from '../../../../peers/wiring/libp2p/dialer.ts'

test('pauseMs() doubles from half a second to half a minute, and spreads by up to a half', () => {
  assert.deepEqual(
    [0, 1, 2, 5, 6, 7, 1000].map((tries) => pauseMs(tries, 1)),
    [500, 1000, 2000, 16_000, 30_000, 30_000, 30_000],
  )
  assert.equal(pauseMs(3, 0), 2000)
})

/** A dialer whose every dial fails, and the addresses dialled in its first moment. */
async function dialled(prepare: (dialer: Dialer) => void, members: readonly string[] = []): Promise<string[]> {
  const seen: string[] = []
  const dialer = new Dialer({
    isMember: (peer) => members.includes(peer),
    connect: async (addresses) => {
      seen.push(...addresses)
      throw new Error('Nobody is there')
    },
  })
  prepare(dialer)
  dialer.start()
  await sleep(10)
  dialer.stop()
  return seen
}

test('start() dials what was given and what was learnt, but no members', async () => {
  const seen = await dialled(
    (dialer) => {
      dialer.give('/ip4/192.0.2.1/tcp/1')
      dialer.give('/ip4/192.0.2.1/tcp/1/p2p/a')
      dialer.learn('b', ['/ip4/192.0.2.2/tcp/1/p2p/b'])
      dialer.learn('c', ['/ip4/192.0.2.3/tcp/1/p2p/c'])
      dialer.learn('d', [])
    },
    ['c'],
  )
  assert.deepEqual(seen, ['/ip4/192.0.2.1/tcp/1', '/ip4/192.0.2.1/tcp/1/p2p/a', '/ip4/192.0.2.2/tcp/1/p2p/b'])
})

test('hear() cannot turn a peer away from where it says itself that it is', async () => {
  const [own, told] = ['/ip4/192.0.2.1/tcp/1/p2p/a', '/ip4/198.51.100.1/tcp/1/p2p/a']
  const tried: (readonly string[])[] = []
  const dialer = new Dialer({
    isMember: () => false,
    connect: async (addresses) => {
      if (tried.push(addresses) === 2) dialer.stop()
      throw new Error('Nobody is there')
    },
  })
  dialer.hear('a', [told])
  dialer.learn('a', [own])
  dialer.hear('a', [told])
  dialer.start()
  while (tried.length < 2) await sleep(20)
  assert.deepEqual(tried, [[own], [told]])
})

test('learn() cannot turn a given peer to another address alone, and fills no more than its room', async () => {
  const seen = await dialled((dialer) => {
    dialer.give('/ip4/192.0.2.1/tcp/1/p2p/a')
    dialer.learn('a', ['/ip4/198.51.100.1/tcp/1/p2p/a'])
    for (let i = 0; i < 1000; i++) dialer.learn(`b${i}`, [`/ip4/192.0.2.2/tcp/${i}/p2p/b${i}`])
  })
  assert.equal(seen[0], '/ip4/192.0.2.1/tcp/1/p2p/a')
  assert.equal(seen.length, 256)
})

test('a given peer that others say is elsewhere is dialled there and where it was given by turns', async () => {
  const seen: string[] = []
  const dialer = new Dialer({
    isMember: () => false,
    connect: async (addresses) => {
      if (seen.push(addresses.join()) === 3) dialer.stop()
      throw new Error('Nobody is there')
    },
  })
  dialer.give('/ip4/192.0.2.1/tcp/1/p2p/a')
  dialer.learn('a', ['/ip4/192.0.2.1/tcp/2/p2p/a'])
  dialer.start()
  while (seen.length < 3) await sleep(20)
  const [given, elsewhere] = ['/ip4/192.0.2.1/tcp/1/p2p/a', '/ip4/192.0.2.1/tcp/2/p2p/a']
  assert.deepEqual(seen, [given, elsewhere, given])
})

test('a peer that cannot be reached is tried again after a pause, until stop()', { timeout: 10_000 }, async () => {
  let tries = 0
  const dialer = new Dialer({
    isMember: () => false,
    connect: async () => {
      tries += 1
      if (tries === 2) dialer.stop()
      throw new Error('Nobody is there')
    },
  })
  dialer.give('/ip4/192.0.2.1/tcp/1/p2p/a')
  dialer.start()
  while (tries < 2) await sleep(20)
  await sleep(1200)
  assert.equal(tries, 2)
})
