import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gradients } from '../../../src/autodiff/gradients.ts'
import { createRandom } from '../../../src/core/random.ts'
import { causalAttention, causalBlocks } from '../../../src/model/decoder-attention.ts'
import { rotaryTables } from '../../../src/model/decoder-rope.ts'
import { Graph } from '../../../src/onnx/graph.ts'
import { lower } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { operators } from '../../../src/onnx/operators.ts'
import { createSession, type Feed } from '../../../src/onnx/session.ts'
import type { Tensor } from '../../../src/onnx/tensor.ts'
import { tinyModel } from '../../fixtures/tiny-config.ts'
import { relativeError } from '../../golden/tiny.ts'

const { heads, kvHeads, headDim } = tinyModel

/** The mix, and the gradients of q, k and v for a loss that weighs every number of it at random; in float64. */
async function attend(batch: number, length: number, blocks: readonly number[]): Promise<Float64Array[]> {
  const random = createRandom(`${batch} ${length}`)
  const op = operators(new Graph())
  const { graph } = op
  const attention = causalAttention(
    op,
    tinyModel,
    { batch, length },
    rotaryTables(tinyModel, length),
    'float64',
    blocks,
  )
  const normal = (columns: number) => Float64Array.from({ length: batch * length * columns }, () => random.normal())
  const feeds: Record<string, Feed> = {}
  const inputs = [heads, kvHeads, kvHeads].map((count, i) => {
    const shape = [batch * length, count * headDim]
    feeds[`x${i}`] = { type: 'float64', shape, data: normal(count * headDim) }
    return graph.input(`x${i}`, 'float64', shape)
  })
  const mixed = attention(...(inputs as [Tensor, Tensor, Tensor]))
  const weights = graph.constant('float64', mixed.shape, normal(heads * headDim))
  const loss = op.reduceSum(op.mul(mixed, weights), undefined, false)
  const names = ['mixed', 'g0', 'g1', 'g2']
  for (const [i, tensor] of [mixed, ...gradients(graph, loss, inputs)].entries())
    graph.output(names[i] as string, tensor)
  const session = await createSession(serialize(lower(graph, 'portable')), {
    folder: '/',
    device: 'cpu',
    threads: 1,
    purpose: 'train',
    optimization: 'basic',
  })
  const made = await session.run(feeds, names)
  await session.release()
  return names.map((name) => made[name] as Float64Array)
}

test('causalAttention() in blocks of any sizes equals that of whole sequences, and so do its gradients', () =>
  fc.assert(
    fc.asyncProperty(
      fc.integer({ min: 1, max: 3 }),
      fc.array(fc.integer({ min: 1, max: 7 }), { minLength: 2, maxLength: 5 }),
      async (batch, blocks) => {
        const length = blocks.reduce((a, b) => a + b)
        const [whole, cut] = [await attend(batch, length, [length]), await attend(batch, length, blocks)]
        for (const [i, expected] of whole.entries()) {
          const error = relativeError(cut[i] as Float64Array, expected)
          assert.ok(error <= 1e-12, `output ${i}: relative error ${error}`)
        }
      },
    ),
    { numRuns: 12 },
  ))

test('causalBlocks() covers the sequence in at most 4 blocks, and leaves short ones whole', () => {
  assert.deepEqual(causalBlocks(128), [128])
  assert.deepEqual(causalBlocks(256), [64, 64, 64, 64])
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 3000 }), (length) => {
      const blocks = causalBlocks(length)
      assert.equal(
        blocks.reduce((a, b) => a + b),
        length,
      )
      assert.ok(blocks.length <= 4 && Math.max(...blocks) - Math.min(...blocks) <= 1, `${blocks}`)
    }),
  )
})
