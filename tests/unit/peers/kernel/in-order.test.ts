import assert from 'node:assert/strict'
import { test } from 'node:test'
import { inOrder } from '../../../../peers/kernel/in-order.ts'

/** Performs names; those that end in "…" take until they are let go. */
function stage() {
  const done: string[] = []
  const open: (() => void)[] = []
  const things = inOrder<string>((name) => {
    if (name === 'bad') throw new Error('it is bad')
    done.push(name)
    return name.endsWith('…') ? new Promise((resolve) => open.push(resolve)) : undefined
  })
  const settle = async (): Promise<void> => {
    for (let i = 0; i < 20; i++) await Promise.resolve()
  }
  const letGo = async (): Promise<void> => {
    open.shift()?.()
    await settle()
  }
  return { things, done, settle, letGo }
}

test('inOrder() does things as they were added, once whoever added them has gone on, and waits for what takes time', async () => {
  const { things, done, settle, letGo } = stage()
  things.add(['a', 'b…', 'c'])
  assert.deepEqual(done, [])
  await settle()
  assert.deepEqual(done, ['a', 'b…'])
  things.add(['d'])
  things.add(['e…'])
  await settle()
  assert.deepEqual(done, ['a', 'b…'])
  let settled = false
  const all = things.settled().then(() => {
    settled = true
  })
  await letGo()
  assert.deepEqual([done, settled], [['a', 'b…', 'c', 'd', 'e…'], false])
  await letGo()
  await all
})

test('inOrder() does nothing after a failure, and tells of it whenever it is asked', async () => {
  const { things, done, settle } = stage()
  things.add(['a', 'bad', 'b'])
  things.add(['c'])
  await assert.rejects(things.settled(), /it is bad/)
  things.add(['d'])
  await settle()
  assert.deepEqual(done, ['a'])
  await assert.rejects(things.settled(), /it is bad/)
  assert.throws(() => things.check(), /it is bad/)
})

test('InOrder.stop() drops what waits, and what is under way comes to its end', async () => {
  const { things, done, letGo, settle } = stage()
  things.add(['a…', 'b'])
  things.add(['c'])
  await settle()
  things.stop()
  const all = things.settled()
  await letGo()
  await all
  assert.deepEqual(done, ['a…'])
})
