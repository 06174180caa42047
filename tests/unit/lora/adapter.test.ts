import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asGlobal, asLocal, type LoraConfig } from '../../../src/lora/adapter.ts'
import { createAdapter } from '../../../src/lora/create.ts'
import { adapterLayout } from '../../../src/lora/layout.ts'
import { putB, sizeOfB, takeB } from '../../../src/lora/wire-state.ts'
import { tinyModel } from '../../fixtures/tiny-config.ts'

const config: LoraConfig = { rank: 4, alpha: 8, targets: ['q', 'down'], rslora: false }
const layout = adapterLayout(config, tinyModel)

test('createAdapter() draws A within ±1/sqrt(in) and leaves B zero', () => {
  const { parameters } = createAdapter(config, tinyModel, 'seed')
  for (const { part, offset, size, shape, name } of layout.factors) {
    const values = parameters.subarray(offset, offset + size)
    if (part === 'B') {
      assert.ok(
        values.every((value) => value === 0),
        name,
      )
      continue
    }
    const bound = 1 / Math.sqrt(shape[0])
    assert.ok(
      values.every((value) => Math.abs(value) <= bound),
      name,
    )
    assert.ok(Math.max(...values.map(Math.abs)) > 0.8 * bound, `${name} reaches its bound`)
  }
})

test('createAdapter() gives the same A for the same seed, whatever else is a target', () => {
  const more = { ...config, targets: ['q', 'k', 'down'] as const }
  const [one, two] = [createAdapter(config, tinyModel, 's'), createAdapter(more, tinyModel, 's')]
  const cut = (name: string, from: typeof one, cuts: typeof layout) => {
    const factor = cuts.factors.find((candidate) => candidate.name === name)
    assert.ok(factor !== undefined)
    return from.parameters.slice(factor.offset, factor.offset + factor.size)
  }
  assert.deepEqual(cut('1.down.A', one, layout), cut('1.down.A', two, adapterLayout(more, tinyModel)))
  assert.notDeepEqual(createAdapter(config, tinyModel, 't').parameters, one.parameters)
})

test('putB() then takeB() gives B back and leaves A alone', () => {
  const global = asGlobal(createAdapter(config, tinyModel, 'seed'))
  const size = sizeOfB(layout)
  fc.assert(
    fc.property(fc.float32Array({ minLength: size, maxLength: size, noNaN: true }), (b) => {
      const changed = putB(global, layout, b)
      assert.deepEqual(takeB(changed, layout), b)
      assert.deepEqual(putB(changed, layout, takeB(global, layout)).parameters, global.parameters)
    }),
    { numRuns: 20 },
  )
})

test('putB() refuses a vector of another length', () => {
  const global = asGlobal(createAdapter(config, tinyModel, 'seed'))
  assert.throws(() => putB(global, layout, new Float32Array(3)), /expected 224 numbers in B, got 3/)
})

test('a local adapter has no way to the wire at compile time', () => {
  const local = asLocal(createAdapter(config, tinyModel, 'seed'))
  // @ts-expect-error a local adapter is not a global one
  takeB(local, layout)
  // @ts-expect-error nor can it be declared one
  asGlobal(local)
})
