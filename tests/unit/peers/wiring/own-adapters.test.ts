import assert from 'node:assert/strict'
import { test } from 'node:test'
import type { Network } from '../../../../peers/kernel/ports.ts'
import { createGlobalCodec } from '../../../../peers/wiring/global-state.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../peers/wiring/memory-store.ts'
import { createOwnAdapters } from '../../../../peers/wiring/own-adapters.ts'
import { tinyModel } from '../../../fixtures/tiny-config.ts'

const codec = createGlobalCodec({ rank: 2, alpha: 4, targets: ['q'], rslora: false }, tinyModel, 'public')
const next = codec.put(new Float32Array(codec.parameters).fill(0.5))

function ownAdapters(keep: () => Promise<void>) {
  const offered: string[] = []
  const own = createOwnAdapters({
    saved: { completed: 0, global: codec.start() },
    store: openMemoryStore(createMemoryDisk()),
    // Of a network it asks for no more than this.
    network: { offer: (digest: string) => void offered.push(digest) } as unknown as Network,
    publish: () => {},
    keep,
    personalise: () => Promise.reject(new Error('not asked for')),
    evaluate: () => Promise.reject(new Error('not asked for')),
  })
  return { own, offered }
}

test('settle() makes the next adapter the one that is held and offered', async () => {
  const { own, offered } = ownAdapters(() => Promise.resolve())
  await own.settle(next, 1, new AbortController().signal)
  assert.equal(own.global, next)
  assert.deepEqual(offered, [codec.start().digest, next.digest])
})

test('settle() that is given up while it writes leaves the adapter that the round has gone on from', async () => {
  const stop = new AbortController()
  const { own, offered } = ownAdapters(async () => stop.abort())
  await assert.rejects(own.settle(next, 1, stop.signal), { name: 'AbortError' })
  assert.equal(own.global.digest, codec.start().digest)
  assert.deepEqual(offered, [codec.start().digest])
})
