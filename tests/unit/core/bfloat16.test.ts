import assert from 'node:assert/strict'
import test from 'node:test'
import fc from 'fast-check'
import { fromBfloat16, toBfloat16 } from '../../../src/core/bfloat16.ts'

const words = (...values: number[]) => new Float32Array(Uint32Array.from(values).buffer)
const rounded = (...values: number[]) => [...toBfloat16(words(...values))]

test('toBfloat16() rounds to the nearest, and ties to the even one', () => {
  assert.deepEqual(rounded(0x3f800000, 0x3f807fff, 0x3f808001, 0x3f80ffff), [0x3f80, 0x3f80, 0x3f81, 0x3f81])
  // Halfway: 0x3f80 is even and stays, 0x3f81 is odd and goes up.
  assert.deepEqual(rounded(0x3f808000, 0x3f818000, 0xbf808000, 0xbf818000), [0x3f80, 0x3f82, 0xbf80, 0xbf82])
})

test('toBfloat16() keeps zeros, infinities and NaN, carries into the exponent, and overflows to infinity', () => {
  assert.deepEqual(rounded(0, 0x80000000, 0x7f800000, 0xff800000), [0, 0x8000, 0x7f80, 0xff80])
  assert.deepEqual(rounded(0x3fffffff, 0x7f7fffff, 0xff7fffff), [0x4000, 0x7f80, 0xff80])
  for (const nan of [0x7f800001, 0x7fffffff, 0xffffffff, 0xff800001]) {
    assert.ok(Number.isNaN(fromBfloat16(toBfloat16(words(nan)))[0]), nan.toString(16))
  }
})

test('toBfloat16() errs by at most 2^-8 of the value, and gives back what fromBfloat16() made', () => {
  fc.assert(
    fc.property(fc.float({ noNaN: true, min: Math.fround(1e-30), max: Math.fround(1e30) }), (value) => {
      const [back = Number.NaN] = fromBfloat16(toBfloat16(Float32Array.of(value)))
      assert.ok(Math.abs(back - value) <= value * 2 ** -8)
    }),
  )
  const halves = Uint16Array.from({ length: 0x7f80 }, (_, i) => i)
  assert.deepEqual(toBfloat16(fromBfloat16(halves)), halves)
})

test('toBfloat16() reads a part of a larger array', () => {
  assert.deepEqual([...toBfloat16(Float32Array.of(9, 1, 2).subarray(1))], [0x3f80, 0x4000])
})
