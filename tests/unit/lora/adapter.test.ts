import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { asGlobal, asLocal, type LoraConfig } from '../../../src/lora/adapter.ts'
import { createAdapter } from '../../../src/lora/create.ts'
import type { Parts } from '../../../src/lora/factoring.ts'
import { adapterLayout } from '../../../src/lora/layout.ts'
import { checkFrozen, putFactors, sizeOf, takeFactors } from '../../../src/lora/wire-state.ts'
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

const parts = fc.constantFrom<Parts>('A', 'B', 'AB')

test('putFactors() then takeFactors() gives those factors back and leaves the others alone', () => {
  const global = asGlobal(createAdapter(config, tinyModel, 'seed'))
  fc.assert(
    fc.property(parts, fc.float({ noNaN: true }), (some, value) => {
      const values = Float32Array.from({ length: sizeOf(layout, some) }, (_, i) => value + i)
      const changed = putFactors(global, layout, some, values)
      assert.deepEqual(takeFactors(changed, layout, some), values)
      const again = putFactors(changed, layout, some, takeFactors(global, layout, some))
      assert.deepEqual(again.parameters, global.parameters)
      checkFrozen(global, changed, layout, some)
    }),
    { numRuns: 20 },
  )
  assert.equal(sizeOf(layout, 'A') + sizeOf(layout, 'B'), layout.total)
})

test('putFactors() refuses a vector of another length', () => {
  const global = asGlobal(createAdapter(config, tinyModel, 'seed'))
  assert.throws(() => putFactors(global, layout, 'B', new Float32Array(3)), /expected 224 numbers in B, got 3/)
})

test('checkFrozen() refuses an adapter whose frozen factor is of another seed, or moved in one number', () => {
  const global = asGlobal(createAdapter(config, tinyModel, 'seed'))
  const other = asGlobal(createAdapter(config, tinyModel, 'another seed'))
  assert.throws(() => checkFrozen(global, other, layout, 'B'), { code: 'lora.frozen' })
  checkFrozen(global, other, layout, 'A')
  fc.assert(
    fc.property(fc.nat(layout.total - 1), (i) => {
      const parameters = global.parameters.slice()
      parameters[i] = (parameters[i] as number) + 1
      const moved = asGlobal({ config, parameters })
      const part = layout.factors.findLast(({ offset }) => offset <= i)?.part as 'A' | 'B'
      checkFrozen(global, moved, layout, part)
      checkFrozen(global, moved, layout, 'AB')
      assert.throws(() => checkFrozen(global, moved, layout, part === 'A' ? 'B' : 'A'), { code: 'lora.frozen' })
    }),
    { numRuns: 50 },
  )
})

test('a local adapter has no way to the wire at compile time', () => {
  const local = asLocal(createAdapter(config, tinyModel, 'seed'))
  // @ts-expect-error a local adapter is not a global one
  takeFactors(local, layout, 'B')
  // @ts-expect-error nor can it be declared one
  asGlobal(local)
})
