import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../../src/core/random.ts'
import { echo } from '../../../../src/nano/corpus/echo.ts'

test('echo() says the same ids two to four times, within its range', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 50 }), (seed, first, count) => {
      const { ids, first: once } = echo(createRandom(seed), first, first + count)
      assert.ok([2, 3, 4].includes(ids.length / once), `${ids.length} ids, ${once} at first`)
      assert.ok(ids.every((id, i) => id === ids[i % once]))
      assert.ok(ids.every((id) => id >= first && id < first + count))
    }),
  )
})
