import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { DueHeap } from '../../../../peers/kernel/due-heap.ts'

const step = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom('pop' as const, 'keep' as const))

test('DueHeap.pop() gives the earliest that was pushed, not popped, and kept, of equals the first', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 60 }), (steps) => {
      const heap = new DueHeap<string>()
      let model: { time: number; order: number; item: string }[] = []
      const pop = (): void => {
        const first = model.shift()
        assert.deepEqual([heap.time, heap.order], [first?.time ?? Number.POSITIVE_INFINITY, first?.order ?? 0])
        assert.equal(heap.pop(), first?.item)
      }
      for (const [i, one] of steps.entries()) {
        if (one === 'keep') {
          heap.keep((item, order) => item.length % 3 !== 0 && order % 5 !== 0)
          model = model.filter(({ item, order }) => item.length % 3 !== 0 && order % 5 !== 0)
        } else if (one === 'pop') {
          pop()
        } else {
          const [order, item] = [i + 1, 'x'.repeat(i % 7)]
          heap.push(one, order, item)
          model = [...model, { time: one, order, item }].sort((a, b) => a.time - b.time || a.order - b.order)
        }
        assert.equal(heap.size, model.length)
      }
      while (model.length > 0) pop()
      pop()
    }),
  )
})
