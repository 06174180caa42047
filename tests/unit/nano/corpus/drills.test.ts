import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../../src/core/random.ts'
import { drill } from '../../../../src/nano/corpus/drills.ts'

test('drill() says every line at least twice, and is a function of the seed', () => {
  fc.assert(
    fc.property(fc.string(), (seed) => {
      const text = drill(createRandom(seed))
      assert.equal(text, drill(createRandom(seed)))
      const counts = new Map<string, number>()
      for (const line of text.trimEnd().split('\n')) counts.set(line, (counts.get(line) ?? 0) + 1)
      assert.ok(Math.min(...counts.values()) >= 2, text)
    }),
  )
})
