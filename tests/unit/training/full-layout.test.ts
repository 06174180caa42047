import assert from 'node:assert/strict'
import { test } from 'node:test'
import { expectedWeights } from '../../../src/model/weight-names.ts'
import { cutWeights, fullLayout, joinWeights } from '../../../src/training/full-layout.ts'
import { tinyModel } from '../../fixtures/tiny-config.ts'

const model = { ...tinyModel, qkvBias: true, tiedHead: false }

test('fullLayout() covers every weight of the model once, without gaps', () => {
  const { parameters, total } = fullLayout(model)
  let end = 0
  for (const { name, shape, offset, size } of parameters) {
    assert.deepEqual(shape, expectedWeights(model).get(name))
    assert.equal(offset, end)
    end += size
  }
  assert.equal(end, total)
  assert.equal(parameters.length, expectedWeights(model).size)
})

test('fullLayout() trains everything and lets matrices alone decay', () => {
  const { parameters, total, trained } = fullLayout(model)
  assert.equal(
    trained.reduce((sum, { size }) => sum + size, 0),
    total,
  )
  for (const { name, shape, offset, size } of parameters) {
    const stretch = trained.find((part) => part.offset <= offset && offset + size <= part.offset + part.size)
    assert.equal(stretch?.decays ?? true, shape.length === 2, name)
  }
})

test('joinWeights() and cutWeights() undo each other; a weight of another size is refused by name', () => {
  const layout = fullLayout(model)
  const joined = Float32Array.from({ length: layout.total }, (_, i) => i)
  const cut = cutWeights(layout, joined)
  assert.deepEqual(joinWeights(layout, cut), joined)
  cut.set('model.norm.weight', new Float32Array(5))
  assert.throws(() => joinWeights(layout, cut), /expected model\.norm\.weight of 12 numbers, got 5/)
  cut.delete('model.norm.weight')
  assert.throws(() => joinWeights(layout, cut), /expected model\.norm\.weight of 12 numbers, got none/)
})
