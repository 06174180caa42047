import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../../src/core/random.ts'
import { echo } from '../../../../src/nano/corpus/echo.ts'

test('echo() says the same ids two to four times, within its range', () => {
  fc.assert(
    fc.property(fc.string(), fc.integer({ min: 0, max: 5 }), fc.integer({ min: 1, max: 50 }), (seed, first, count) => {
      const ids = echo(createRandom(seed), first, first + count)
      const times = [2, 3, 4].filter((n) => {
        const period = ids.length / n
        return Number.isInteger(period) && ids.every((id, i) => id === ids[i % period])
      })
      assert.ok(times.length > 0, `${ids}`)
      assert.ok(ids.every((id) => id >= first && id < first + count))
    }),
  )
})
