import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { QuotaMeter } from '../../../protocols/wire/quota.ts'

test('take() lets no more through in any window than the quota and its refill', () => {
  const steps = fc.array(fc.nat({ max: 40 }), { minLength: 1, maxLength: 200 })
  fc.assert(
    fc.property(steps, fc.integer({ min: 1, max: 20 }), (gaps, messages) => {
      const meter = new QuotaMeter({ messages, perMs: 100 })
      let now = 0
      const passed: number[] = []
      for (const gap of gaps) {
        now += gap
        if (meter.take('peer', now)) passed.push(now)
      }
      for (const [i, start] of passed.entries()) {
        for (const [j, end] of passed.entries()) {
          if (j >= i) assert.ok(j - i + 1 <= messages + ((end - start) * messages) / 100 + 1e-6, `${start}..${end}`)
        }
      }
    }),
  )
})

test('take() keeps keys apart, and prune() forgets only whole allowances', () => {
  const meter = new QuotaMeter({ messages: 1, perMs: 10 })
  assert.equal(meter.take('a', 0), true)
  assert.equal(meter.take('a', 5), false)
  assert.equal(meter.take('b', 5), true)
  meter.prune(10)
  assert.equal(meter.take('b', 12), false)
  assert.equal(meter.take('a', 12), true)
})
