import assert from 'node:assert/strict'
import test from 'node:test'
import { createMemoryDisk, openMemoryStore } from '../../peers/wiring/memory-store.ts'
import { storeContract } from './store.ts'

storeContract('memory', async () => {
  const disk = createMemoryDisk()
  return { store: openMemoryStore(disk), reopen: async () => openMemoryStore(disk), cleanUp: async () => {} }
})

test('openMemoryStore() lands nothing once the peer is killed, even what was under way', async () => {
  const disk = createMemoryDisk()
  const killed = new AbortController()
  let land = (): void => {}
  const later = (run: () => void) => {
    land = run
  }
  const write = openMemoryStore(disk, { killed: killed.signal, later }).append('log', Uint8Array.of(1))
  killed.abort()
  land()
  await assert.rejects(write, /the peer was killed/)
  assert.deepEqual(await openMemoryStore(disk).readLog('log'), [])
})
