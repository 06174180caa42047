import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Graph } from '../../../src/onnx/graph.ts'
import { lower } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { operators } from '../../../src/onnx/operators.ts'
import { createSession } from '../../../src/onnx/session.ts'

const rows = 1000003

test('serialize() with varying sizes gives a model that runs with any of them, splits by input included', async () => {
  const op = operators(new Graph())
  const x = op.graph.input('x', 'float32', [rows, 4])
  const sizes = op.graph.input('sizes', 'int64', [2], [rows - 1, 1])
  const [first, last] = op.splitBy(op.reshape(x, [0, 2, 2]), sizes, 0)
  assert.ok(first !== undefined && last !== undefined)
  op.graph.output('sum', op.reduceSum(first, [0], false))
  op.graph.output('last', op.reshape(last, [-1]))
  const model = serialize(lower(op.graph, 'cpu'), { rows })
  const session = await createSession(model, { folder: '.', device: 'cpu', threads: 1, purpose: 'decode' })
  try {
    for (const count of [2, 5]) {
      const data = Float32Array.from({ length: 4 * count }, (_, i) => i)
      const { sum, last } = await session.run(
        {
          x: { type: 'float32', shape: [count, 4], data },
          sizes: { type: 'int64', shape: [2], data: BigInt64Array.of(BigInt(count - 1), 1n) },
        },
        ['sum', 'last'],
      )
      assert.deepEqual(last, data.slice(-4))
      const expected = [0, 1, 2, 3].map((d) => ((count - 1) * (count - 2) * 4) / 2 + d * (count - 1))
      assert.deepEqual([...(sum ?? [])], expected)
    }
  } finally {
    await session.release()
  }
})

test('serialize() refuses a constant that holds a size which varies', () => {
  const op = operators(new Graph())
  op.graph.output('y', op.reshape(op.graph.input('x', 'float32', [rows, 4]), [rows, 2, 2]))
  assert.throws(() => serialize(op.graph, { rows }), { message: /expected sizes that hold in every run, got rows$/ })
})
