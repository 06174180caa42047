import assert from 'node:assert/strict'
import test from 'node:test'
import { setImmediate } from 'node:timers/promises'
import type { NetworkEvent } from '../../../../../peers/kernel/ports.ts'
import { createVirtualClock } from '../../../../../peers/kernel/virtual-clock.ts'
import { openAsynchronous } from '../../../../../peers/wiring/averaging/asynchronous.ts'
import { createEar } from '../../../../../peers/wiring/hearing.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../../peers/wiring/memory-store.ts'
import type { ExchangeMessage } from '../../../../../protocols/exchange/messages.ts'
import { fixed } from '../../../../../src/averaging/codecs/fixed.ts'
import { mixingGrid, weightGrid } from '../../../../../src/averaging/fixed-point.ts'
import { asynchronousId } from '../../../../../src/averaging/session.ts'
import { freshRatio, type Staleness, stalenessWords } from '../../../../../src/averaging/staleness.ts'
import { toVersioned } from '../../../../../src/averaging/versioned.ts'

const staleness: Staleness = { weight: 'polynomial', bound: 8, floor: 0.1 }
const startDigest = 'a'.repeat(64)

for (const [version, answer] of [
  [-5, { type: 'refuse', xid: 'a.1.1', reason: 'gate' }],
  [3, undefined],
] as const) {
  test(`openAsynchronous() ${answer ? 'refuses' : 'answers'} an offer of version ${version}: nobody has made fewer updates than none`, async () => {
    const said: ExchangeMessage[] = []
    const listeners = new Set<(event: NetworkEvent) => void>()
    const network = {
      self: 'b',
      send: async (_: string, message: ExchangeMessage) => void said.push(message),
      subscribe(listener: (event: NetworkEvent) => void) {
        listeners.add(listener)
        return () => listeners.delete(listener)
      },
    }
    const clock = createVirtualClock()
    const mixing = await openAsynchronous({
      hearing: createEar(clock, Number.POSITIVE_INFINITY),
      store: openMemoryStore(createMemoryDisk()),
      ...{ network, clock, staleness, startDigest, seed: 's', attemptMs: 1000, emit: () => {} },
    })
    await mixing.begin(Float32Array.of(0.5, 0.25), 0)
    const state = toVersioned([0.25, 0.5], version)
    const message: ExchangeMessage = {
      ...{ type: 'offer' as const, xid: 'a.1.1', round: 0, ...freshRatio },
      session: asynchronousId(startDigest, stalenessWords(staleness)),
      scale: `int32/2^${mixingGrid.exponent}/2^${weightGrid.exponent}/fixed`,
      state: fixed.encode(state, state).bytes,
    }
    for (const listener of listeners) listener({ type: 'exchange', from: 'a', message })
    await setImmediate()
    if (answer === undefined) assert.equal(said[0]?.type, 'counter')
    else assert.deepEqual(said, [answer])
    await mixing.close()
  })
}
