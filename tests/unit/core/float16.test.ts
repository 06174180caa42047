import assert from 'node:assert/strict'
import { test } from 'node:test'
import { fromFloat16 } from '../../../src/core/float16.ts'

test('fromFloat16() of zeros, ones, the smallest, the largest, infinities and what is no number', () => {
  const bits = [0x0000, 0x8000, 0x3c00, 0xbc00, 0x0001, 0x0400, 0x7bff, 0x7c00, 0xfc00, 0x7e00]
  const whole = Uint16Array.from([9, ...bits])
  const values = [
    0,
    -0,
    1,
    -1,
    2 ** -24,
    2 ** -14,
    65504,
    Number.POSITIVE_INFINITY,
    Number.NEGATIVE_INFINITY,
    Number.NaN,
  ]
  assert.deepEqual([...fromFloat16(whole.subarray(1))], values)
})
