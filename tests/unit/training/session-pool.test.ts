import assert from 'node:assert/strict'
import { test } from 'node:test'
import { sessionPool } from '../../../src/training/session-pool.ts'

test('sessionPool() keeps the last used up to its limit and releases the others, and all on clear()', async () => {
  const log: string[] = []
  const pool = sessionPool<string>(2, async (item) => {
    log.push(`-${item}`)
  })
  const get = (key: string) =>
    pool.get(key, async () => {
      log.push(`+${key}`)
      return key
    })
  for (const key of ['a', 'b', 'a', 'c', 'a', 'b']) assert.equal(await get(key), key)
  assert.deepEqual(log, ['+a', '+b', '-b', '+c', '-c', '+b'])
  await pool.clear()
  assert.deepEqual(log.slice(6), ['-a', '-b'])
})

test('sessionPool() makes room before it loads, so that the limit is never passed', async () => {
  let held = 0
  const pool = sessionPool<number>(1, async () => {
    held -= 1
  })
  for (let i = 0; i < 3; i++) {
    await pool.get(String(i), async () => {
      held += 1
      assert.equal(held, 1)
      return i
    })
  }
})
