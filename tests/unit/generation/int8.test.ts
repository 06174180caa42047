import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { int8Block, int8Sizes, quantise } from '../../../src/generation/int8-codes.ts'
import { int8Layout } from '../../../src/generation/int8-file.ts'
import { readWeight } from '../../../src/generation/read-weight.ts'
import { tinyCheckpoint } from '../../golden/tiny.ts'

test('quantise() is off by at most half a step of each block', () => {
  const columns = fc.integer({ min: 1, max: 80 })
  fc.assert(
    fc.property(columns, fc.infiniteStream(fc.float({ min: -8, max: 8, noNaN: true })), (columns, stream) => {
      const matrix = Float32Array.from({ length: 3 * columns }, () => Math.fround((stream.next().value ?? 0) + 1e-3))
      const { codes, scales } = quantise(matrix, columns)
      const blocks = Math.ceil(columns / int8Block)
      assert.equal(codes.length, 3 * blocks * int8Block)
      matrix.forEach((value, i) => {
        const [row, column] = [Math.floor(i / columns), i % columns]
        const scale = scales[row * blocks + Math.floor(column / int8Block)] as number
        const code = codes[row * blocks * int8Block + column] as number
        assert.ok(Math.abs((code - 128) * scale - value) <= 0.5001 * scale, `${value} became ${(code - 128) * scale}`)
      })
      for (let row = 0; row < 3; row++)
        for (let column = columns; column < blocks * int8Block; column++)
          assert.equal(codes[row * blocks * int8Block + column], 128, 'the rest of the last block is zero')
    }),
  )
})

test('int8Layout() leaves no gap and puts nothing twice', async () => {
  for (const model of ['llama', 'llama3-rope-untied'] as const) {
    const { config, weights } = await tinyCheckpoint(model)
    const { groups, bytes } = int8Layout(config)
    let end = 0
    for (const { codesAt, scalesAt, rows, columns, members } of groups) {
      const sizes = int8Sizes(rows, columns)
      assert.deepEqual([codesAt, scalesAt], [end, end + sizes.codes])
      end = scalesAt + 4 * sizes.scales
      for (const member of members) assert.deepEqual(weights.get(member.weight)?.shape, [member.rows, columns])
    }
    assert.equal(end, bytes)
  }
})

test('readWeight() reads float32, and says what it expected of a file that is too short', async () => {
  const { folder, weights } = await tinyCheckpoint('llama')
  const norm = weights.get('model.norm.weight')
  assert.ok(norm !== undefined)
  const values = await readWeight(folder, norm)
  assert.equal(values.length, 48)
  assert.ok(values.every((value) => Math.abs(value - 1) < 0.5))
  await assert.rejects(readWeight(folder, { ...norm, offset: 1e9 }), { message: /expected 1000000192 bytes, got/ })
})
