import assert from 'node:assert/strict'
import test from 'node:test'
import { createRandom } from '../../../src/core/random.ts'

test('createRandom() replays from its seed and differs between seeds and labels', () => {
  const draw = (seed: string) => Array.from({ length: 8 }, createRandom(seed).next)
  assert.deepEqual(draw('a'), draw('a'))
  assert.notDeepEqual(draw('a'), draw('b'))
  const parent = createRandom('a')
  assert.notEqual(parent.derive('x').next(), parent.derive('y').next())
  assert.equal(
    createRandom('a').derive('x').next(),
    parent.derive('x').next(),
    'deriving draws nothing from the parent',
  )
})

test('Random.below() is uniform and refuses what is not a count', () => {
  const random = createRandom('uniform')
  const counts = new Array<number>(7).fill(0)
  for (let i = 0; i < 70_000; i++) {
    const value = random.below(7)
    counts[value] = (counts[value] ?? 0) + 1
  }
  for (const count of counts) assert.ok(Math.abs(count - 10_000) < 600, `counts ${counts}`)
  assert.throws(() => random.below(0), RangeError)
})

test('Random.normal() has mean 0 and variance 1', () => {
  const random = createRandom('normal')
  const draws = Array.from({ length: 50_000 }, random.normal)
  const mean = draws.reduce((sum, x) => sum + x, 0) / draws.length
  const variance = draws.reduce((sum, x) => sum + (x - mean) ** 2, 0) / draws.length
  assert.ok(Math.abs(mean) < 0.02, `mean ${mean}`)
  assert.ok(Math.abs(variance - 1) < 0.03, `variance ${variance}`)
})
