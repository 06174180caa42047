import assert from 'node:assert/strict'
import { test } from 'node:test'
import { openUnsaid } from '../../../../../peers/wiring/averaging/unsaid.ts'
import { createMemoryDisk, openMemoryStore } from '../../../../../peers/wiring/memory-store.ts'

const [digest, other] = ['a'.repeat(64), 'b'.repeat(64)]

test('openUnsaid() brings back what was kept beside an adapter, in another life too, and nothing beside another one', async () => {
  const disk = createMemoryDisk()
  const unsaid = openUnsaid(openMemoryStore(disk))
  assert.equal(await unsaid.beside(digest), undefined)
  await unsaid.keep(digest, Int32Array.of(1, -2, 2147483647))
  const later = openUnsaid(openMemoryStore(disk))
  assert.deepEqual(await later.beside(digest), Int32Array.of(1, -2, 2147483647))
  assert.equal(await later.beside(other), undefined)
  await later.keep(other, Int32Array.of(4))
  assert.equal(await later.beside(digest), undefined)
})

test('openUnsaid() of what is not whole numbers says so', async () => {
  const store = openMemoryStore(createMemoryDisk())
  await store.write('averaging.unsaid', new Uint8Array(66))
  await assert.rejects(openUnsaid(store).beside(digest), {
    code: 'unsaid.length',
    message: /whole int32s, got 2 bytes/,
  })
})
