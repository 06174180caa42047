import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { createHeap } from '../../../../peers/kernel/heap.ts'

test('Heap.pop() gives the smallest of what was pushed and not popped', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer())), (steps) => {
      const heap = createHeap<number>((a, b) => a < b)
      let model: number[] = []
      for (const value of steps) {
        if (value !== null) {
          heap.push(value)
          model = [...model, value].sort((a, b) => a - b)
        } else {
          assert.equal(heap.peek(), model[0])
          assert.equal(heap.pop(), model.shift())
        }
      }
      while (model.length > 0) assert.equal(heap.pop(), model.shift())
      assert.equal(heap.pop(), undefined)
    }),
  )
})
