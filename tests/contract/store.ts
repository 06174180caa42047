/** What every `Store` promises; run against each of them. */
import assert from 'node:assert/strict'
import { describe, test } from 'node:test'
import fc from 'fast-check'
import type { Store } from '../../peers/kernel/ports.ts'

/** `reopen` gives the store as a process finds it that starts after the last one was killed. */
export function storeContract(
  name: string,
  create: () => Promise<{ store: Store; reopen: () => Promise<Store>; cleanUp: () => Promise<void> }>,
): void {
  const withStore = async (body: (store: Store, reopen: () => Promise<Store>) => Promise<void>): Promise<void> => {
    const { store, reopen, cleanUp } = await create()
    try {
      await body(store, reopen)
    } finally {
      await cleanUp()
    }
  }

  describe(`Store contract: ${name}`, () => {
    test('read() of a key never written gives undefined, and of a log no records', () =>
      withStore(async (store) => {
        assert.equal(await store.read('nothing'), undefined)
        assert.deepEqual(await store.readLog('nothing'), [])
      }))

    test('write() replaces the whole value, and remove() takes it away', () =>
      withStore(async (store) => {
        await store.write('key', Uint8Array.of(1, 2, 3))
        await store.write('key', Uint8Array.of(9))
        assert.deepEqual(await store.read('key'), Uint8Array.of(9))
        await store.remove('key')
        await store.remove('key')
        assert.equal(await store.read('key'), undefined)
      }))

    test('a log and a value of the same name are two things', () =>
      withStore(async (store) => {
        await store.write('same', Uint8Array.of(1))
        await store.append('same', Uint8Array.of(2))
        assert.deepEqual(await store.read('same'), Uint8Array.of(1))
        assert.deepEqual(await store.readLog('same'), [Uint8Array.of(2)])
      }))

    test('what the caller does to its bytes afterwards changes nothing in the store', () =>
      withStore(async (store) => {
        const bytes = Uint8Array.of(1, 2)
        await store.write('key', bytes)
        await store.append('log', bytes)
        bytes.fill(7)
        assert.deepEqual(await store.read('key'), Uint8Array.of(1, 2))
        assert.deepEqual(await store.readLog('log'), [Uint8Array.of(1, 2)])
      }))

    test('whatever was done, reopen() finds the same as a plain model', async () => {
      const bytes = fc.uint8Array({ maxLength: 40 })
      const key = fc.constantFrom('a', 'b')
      const action = fc.oneof(
        fc.record({ do: fc.constant('write' as const), key, value: bytes }),
        fc.record({ do: fc.constant('remove' as const), key }),
        fc.record({ do: fc.constant('append' as const), key, value: bytes }),
        fc.record({ do: fc.constant('replace' as const), key, values: fc.array(bytes, { maxLength: 3 }) }),
      )
      await fc.assert(
        fc.asyncProperty(fc.array(action, { maxLength: 8 }), (actions) =>
          withStore(async (store, reopen) => {
            const values = new Map<string, Uint8Array>()
            const logs = new Map<string, Uint8Array[]>()
            for (const act of actions) {
              if (act.do === 'write') values.set(act.key, act.value)
              if (act.do === 'remove') values.delete(act.key)
              if (act.do === 'append') logs.set(act.key, [...(logs.get(act.key) ?? []), act.value])
              if (act.do === 'replace') logs.set(act.key, act.values)
              if (act.do === 'write') await store.write(act.key, act.value)
              if (act.do === 'remove') await store.remove(act.key)
              if (act.do === 'append') await store.append(act.key, act.value)
              if (act.do === 'replace') await store.replaceLog(act.key, act.values)
            }
            const after = await reopen()
            for (const name of ['a', 'b']) {
              assert.deepEqual(await after.read(name), values.get(name))
              assert.deepEqual(await after.readLog(name), logs.get(name) ?? [])
            }
          }),
        ),
        { numRuns: 25 },
      )
    })
  })
}
