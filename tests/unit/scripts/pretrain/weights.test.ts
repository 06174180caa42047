import assert from 'node:assert/strict'
import { test } from 'node:test'
import { leftWeights, readWeights } from '../../../../scripts/pretrain/weights.ts'
import { builtIn } from '../../../../src/cli/models/built-in.ts'
import { nanoConfig } from '../../../../src/nano/architecture.ts'
import { fullLayout, joinWeights } from '../../../../src/training/full-layout.ts'
import { tinyModel } from '../../../fixtures/tiny-config.ts'

const bytes = (values: Float32Array = new Float32Array()) =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength)

test('leftWeights() are those that readWeights() finds in a model directory', async () => {
  const read = await readWeights(builtIn.path)
  const parameters = joinWeights(fullLayout(nanoConfig), read)
  assert.ok(parameters.some((value) => value !== 0))
  // A hair more than a bfloat16 is rounded back to it.
  const hair = parameters.map((value) => value * (1 + 2 ** -12))
  const left = leftWeights(nanoConfig, hair, undefined)
  assert.deepEqual([...left.keys()].sort(), [...read.keys()].sort())
  for (const [name, values] of left) assert.ok(bytes(values).equals(bytes(read.get(name))), name)
})

test('leftWeights() of a run that averages are in the middle of its beginning and its end, as both would be stored', () => {
  const layout = fullLayout(tinyModel)
  const of = (value: number): Float32Array => new Float32Array(layout.total).fill(value)
  const joined = (begin: number, end: number): number => {
    const left = leftWeights(tinyModel, of(end), of(begin))
    const [first, ...others] = new Set(joinWeights(layout, left))
    assert.deepEqual(others, [])
    return first as number
  }
  assert.equal(joined(1, 3), 2)
  assert.equal(joined(-1, 3 * (1 + 2 ** -12)), 1)
  // Between two neighbours of bfloat16, the even one.
  assert.equal(joined(1, 1 + 2 ** -7), 1)
})
