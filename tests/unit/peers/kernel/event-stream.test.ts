import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createEventStream } from '../../../../peers/kernel/event-stream.ts'

test('publish() reaches every listener in order, and one that throws disturbs nobody', () => {
  const errors: unknown[] = []
  const stream = createEventStream<number>((error) => errors.push(error))
  const seen: string[] = []
  stream.subscribe((event) => seen.push(`a${event}`))
  stream.subscribe(() => {
    throw new Error('broken display')
  })
  const end = stream.subscribe((event) => seen.push(`b${event}`))
  stream.publish(1)
  end()
  stream.publish(2)
  assert.deepEqual(seen, ['a1', 'b1', 'a2'])
  assert.equal(errors.length, 2)
})
