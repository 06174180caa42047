import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createHeap } from '../../../../peers/kernel/heap.ts'

const step = fc.oneof(fc.integer({ min: -20, max: 20 }), fc.constantFrom('pop' as const, 'keep' as const))

test('Heap.pop() gives the smallest of what was pushed, not popped, and kept', () => {
  fc.assert(
    fc.property(fc.array(step), (steps) => {
      const heap = createHeap<number>((a, b) => a < b)
      let model: number[] = []
      for (const one of steps) {
        if (one === 'keep') {
          heap.keep((value) => value % 3 !== 0)
          model = model.filter((value) => value % 3 !== 0)
        } else if (one === 'pop') {
          assert.equal(heap.peek(), model[0])
          assert.equal(heap.pop(), model.shift())
        } else {
          heap.push(one)
          model = [...model, one].sort((a, b) => a - b)
        }
        assert.equal(heap.size, model.length)
      }
      while (model.length > 0) assert.equal(heap.pop(), model.shift())
      assert.equal(heap.pop(), undefined)
    }),
  )
})
