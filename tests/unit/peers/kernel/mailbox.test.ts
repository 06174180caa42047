import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createMailbox } from '../../../../peers/kernel/mailbox.ts'

interface Message {
  readonly id: number
  readonly dear: boolean
}

test('take() gives the messages in the order of their posting, those posted later too', async () => {
  const box = createMailbox<number>({ capacity: 4, expendable: () => true })
  const first = box.take()
  box.post(1)
  box.post(2)
  assert.deepEqual([await first, await box.take()], [1, 2])
})

test('post() never exceeds the capacity, counts each loss, and loses no dear message while a cheap one waits', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 6 }), fc.array(fc.boolean(), { maxLength: 30 }), (capacity, kinds) => {
      const box = createMailbox<Message>({ capacity, expendable: ({ dear }) => !dear })
      let refusedDear = 0
      kinds.forEach((dear, id) => {
        const lost = box.lost
        const kept = box.post({ id, dear })
        assert.equal(kept, box.lost === lost)
        assert.ok(box.size <= capacity)
        if (dear && !kept && box.size === capacity) refusedDear += 1
      })
      assert.equal(box.lost, Math.max(0, kinds.length - capacity))
      if (kinds.filter((dear) => dear).length <= capacity) assert.ok(refusedDear <= box.lost)
    }),
  )
})

test('post() makes room by dropping the oldest expendable message', async () => {
  const box = createMailbox<Message>({ capacity: 2, expendable: ({ dear }) => !dear })
  box.post({ id: 1, dear: true })
  box.post({ id: 2, dear: false })
  assert.equal(box.post({ id: 3, dear: false }), false)
  assert.deepEqual([(await box.take()).id, (await box.take()).id], [1, 3])
})

test('post() turns the new message away when nothing waiting is expendable', async () => {
  const box = createMailbox<Message>({ capacity: 1, expendable: ({ dear }) => !dear })
  box.post({ id: 1, dear: true })
  assert.equal(box.post({ id: 2, dear: false }), false)
  assert.deepEqual([(await box.take()).id, box.size, box.lost], [1, 0, 1])
})

test('take() rejects when aborted, and the next reader still gets the message', async () => {
  const box = createMailbox<number>({ capacity: 1, expendable: () => false })
  const abort = new AbortController()
  const waiting = box.take(abort.signal)
  abort.abort(new Error('enough'))
  await assert.rejects(waiting, { message: 'enough' })
  box.post(5)
  assert.equal(await box.take(), 5)
})

test('take() refuses a second reader', async () => {
  const box = createMailbox<number>({ capacity: 1, expendable: () => false })
  const first = box.take()
  await assert.rejects(box.take(), /expected one reader/)
  box.post(1)
  await first
})
