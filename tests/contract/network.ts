/** What every `Network` does; run against each implementation (`peers/kernel/ports.ts`). */
import assert from 'node:assert/strict'
import { createHash } from 'node:crypto'
import { after, before, describe, test } from 'node:test'
import type { Network, NetworkEvent } from '../../peers/kernel/ports.ts'
import type { ExchangeMessage } from '../../protocols/exchange/messages.ts'
import type { Presence } from '../../protocols/wire/announcements.ts'

/** Makes networks of one federation, not started, of which the later ones join through the first. */
export type MakeNetworks = (names: readonly string[]) => Promise<readonly Network[]>

/** Resolves once `condition` holds; rejects, naming `what`, where it does not within `ms`. */
export async function until(condition: () => boolean | Promise<boolean>, what: string, ms = 15_000): Promise<void> {
  const end = performance.now() + ms
  while (!(await condition())) {
    assert.ok(performance.now() < end, `It did not come about within ${ms} ms that ${what}`)
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex')

const presence: Presence = {
  type: 'presence',
  name: 'one',
  round: 2,
  phase: 'training',
  digest: 'ab'.repeat(32),
  examples: 7,
  ready: false,
}

/** `carries`: what arrives was bytes on a wire, which are judged, or the very objects, as in a simulation. */
export function networkContract(implementation: string, carries: 'bytes' | 'objects', make: MakeNetworks): void {
  const objects = carries === 'objects' ? 'objects are not judged' : false

  describe(`Network contract, ${implementation}`, () => {
    let [one, two, three]: Network[] = []
    const heard = new Map<string, NetworkEvent[]>()
    const named = (): [Network, Network, Network] => {
      assert.ok(one && two && three)
      return [one, two, three]
    }
    const eventsOf = (network: Network): NetworkEvent[] => heard.get(network.self) ?? []
    const messagesOf = (network: Network): ExchangeMessage[] =>
      eventsOf(network).flatMap((event) => (event.type === 'exchange' ? [event.message] : []))

    before(async () => {
      const networks = await make(['one', 'two', 'three'])
      ;[one, two, three] = networks
      for (const network of networks) {
        heard.set(network.self, [])
        network.subscribe((event) => eventsOf(network).push(event))
        await network.start()
      }
      const all = () => networks.every((network) => network.connected().length === 2)
      await until(all, 'three networks are connected with each other')
    })

    after(async () => {
      await Promise.all(named().map((network) => network.stop()))
    })

    test('connected() lists all others, and each was reported as joined once, by name', () => {
      const names = ['one', 'two', 'three']
      for (const [i, network] of named().entries()) {
        const others = named().filter((other) => other !== network)
        assert.deepEqual([...network.connected()].sort(), others.map(({ self }) => self).sort())
        const joined = eventsOf(network).flatMap((event) => (event.type === 'joined' ? [event.name] : []))
        assert.deepEqual(joined.sort(), names.filter((_, j) => j !== i).sort())
      }
    })

    test('addresses() name the network’s own id', () => {
      for (const { self, addresses } of named()) {
        assert.ok(addresses().length > 0)
        for (const address of addresses()) assert.ok(address.endsWith(`/${self}`), address)
      }
    })

    test('announce() reaches every other network under its author, and not itself', async () => {
      const [author, ...others] = named()
      const received = (network: Network) =>
        eventsOf(network).flatMap((event) => (event.type === 'announced' ? [event] : []))
      // Who has just joined may not have subscribed yet; a peer repeats its presence, and so does this test.
      await until(() => {
        void author.announce(presence)
        return others.every((network) => received(network).length > 0)
      }, 'an announcement arrives everywhere')
      for (const network of others) {
        assert.deepEqual(received(network)[0], { type: 'announced', author: author.self, announcement: presence })
      }
      assert.ok((await author.announce(presence)) > 0)
      assert.deepEqual(received(author), [])
    })

    test('announce() rejects what does not fit on the wire', { skip: objects }, async () => {
      await assert.rejects(named()[0].announce({ ...presence, name: 'x'.repeat(65) }), { family: 'input' })
    })

    test('send() has delivered the very message when it resolves', async () => {
      const [, from, to] = named()
      const state = Uint8Array.from({ length: 1000 }, (_, i) => i * i * (i % 2 === 0 ? 1 : -1))
      const offer: ExchangeMessage = {
        type: 'offer',
        xid: 'x1',
        session: 's',
        round: 3,
        num: 1,
        den: 2,
        scale: 'q',
        state,
      }
      await from.send(to.self, offer)
      assert.deepEqual(messagesOf(to), [offer])
      // The receiver's copy is its own.
      state.fill(0)
      const [received] = messagesOf(to)
      assert.ok(received?.type === 'offer' && received.state[2] === 4)
      assert.deepEqual(
        eventsOf(to).flatMap((event) => (event.type === 'exchange' ? [event.from] : [])),
        [from.self],
      )
    })

    test('send() rejects for a peer that has not joined, and for an aborted signal', async () => {
      const [from, to] = named()
      await assert.rejects(from.send('12D3KooWQYhTNQdmr3ArTeUHRYzFg94BKyTkoWBDWez9kSCVe2Xo', { type: 'ack', xid: 'x' }))
      await assert.rejects(from.send(to.self, { type: 'ack', xid: 'x' }, AbortSignal.abort()))
    })

    test('fetch() brings offered bytes from whichever holder has them', async () => {
      const [asking, without, holding] = named()
      const bytes = Uint8Array.from({ length: 700_001 }, (_, i) => (i * 7) >> 2)
      holding.offer(sha256(bytes), bytes)
      const fetched = await asking.fetch(sha256(bytes), bytes.byteLength, [without.self, holding.self])
      assert.deepEqual(fetched, bytes)
    })

    test('fetch() rejects unknown digests, and where no holder is connected', async () => {
      const [asking, holding] = named()
      await assert.rejects(asking.fetch('11'.repeat(32), 100, [holding.self]), { code: 'blobs.unavailable' })
      await assert.rejects(asking.fetch('11'.repeat(32), 100, []), { code: 'blobs.unavailable' })
    })

    test('fetch() rejects when aborted midway', async () => {
      const [asking, holding] = named()
      const bytes = new Uint8Array(700_001)
      holding.offer(sha256(bytes), bytes)
      const stop = new AbortController()
      const fetching = asking.fetch(sha256(bytes), bytes.byteLength, [holding.self], stop.signal)
      stop.abort()
      await assert.rejects(fetching, { name: 'AbortError' })
    })

    test('fetch() rejects bytes that do not match their digest', { skip: objects }, async () => {
      const [asking, holding] = named()
      holding.offer('22'.repeat(32), new Uint8Array(100))
      await assert.rejects(asking.fetch('22'.repeat(32), 100, [holding.self]), { code: 'blobs.digest-differs' })
    })

    test('subscribe() returns what ends the subscription', async () => {
      const [from, to] = named()
      let heardBefore = 0
      const unsubscribe = to.subscribe(() => {
        heardBefore += 1
      })
      await from.send(to.self, { type: 'ack', xid: 'a' })
      unsubscribe()
      await from.send(to.self, { type: 'ack', xid: 'b' })
      assert.equal(heardBefore, 1)
    })

    test('traffic() has counted both directions', () => {
      for (const network of named()) {
        const { sent, received } = network.traffic()
        assert.ok(sent > 0 && received > 0, `${sent} sent, ${received} received`)
      }
    })

    test('stop() is seen by the others as having left, and ends sending', async () => {
      const [first, second, leaving] = named()
      await leaving.stop()
      const left = (network: Network) =>
        eventsOf(network).some((event) => event.type === 'left' && event.peer === leaving.self)
      await until(() => left(first) && left(second), 'the others see it leave')
      assert.ok(!first.connected().includes(leaving.self))
      await assert.rejects(first.send(leaving.self, { type: 'ack', xid: 'x' }))
      await assert.rejects(leaving.send(first.self, { type: 'ack', xid: 'x' }))
      await leaving.stop()
    })
  })
}
