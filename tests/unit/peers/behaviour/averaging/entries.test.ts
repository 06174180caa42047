import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { Entries } from '../../../../../peers/behaviour/averaging/entries.ts'

const key = fc.constantFrom('a', 'b', 'c', 'd', 'e')
const change = fc.oneof(fc.tuple(key, fc.integer()), fc.tuple(key))

test('Entries are what a Map with the same changes is, and what they were before each change stays', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      let entries = Entries.of<number>()
      const model = new Map<string, number>()
      for (const [key, value] of changes) {
        const before = [...entries]
        const after: Entries<number> = value === undefined ? entries.without(key) : entries.with(key, value)
        assert.deepEqual([...entries], before)
        entries = after
        if (value === undefined) model.delete(key)
        else model.set(key, value)
        assert.deepEqual([[...entries], entries.size], [[...model], model.size])
        assert.deepEqual([[...entries.keys()], [...entries.values()]], [[...model.keys()], [...model.values()]])
        for (const one of ['a', 'b', 'z']) {
          assert.deepEqual([entries.get(one), entries.has(one)], [model.get(one), model.has(one)])
        }
      }
      assert.deepEqual([...Entries.of(model)], [...model])
    }),
  )
})
