import assert from 'node:assert/strict'
import { test } from 'node:test'
import { Graph } from '../../../src/onnx/graph.ts'
import { operators } from '../../../src/onnx/operators.ts'

const build = () => {
  const graph = new Graph()
  return { graph, op: operators(graph) }
}

test('Graph.node() names op, expectation and shapes when shapes do not fit', () => {
  const { graph, op } = build()
  const [x, w] = [graph.input('x', 'float32', [4, 8]), graph.input('w', 'float32', [8, 3])]
  assert.deepEqual(op.gemm(x, w).shape, [4, 3])
  assert.throws(() => op.gemm(x, w, { transB: 1 }), {
    code: 'onnx.shape',
    message: 'Cannot build Gemm: expected equal inner dimensions, got float32 [4, 8], float32 [8, 3]',
  })
})

test('Graph.node() refuses what ONNX Runtime would refuse in a run', () => {
  const { graph, op } = build()
  const x = graph.input('x', 'float32', [2, 3, 4])
  const y = graph.input('y', 'float64', [2, 3, 4])
  const ids = graph.input('ids', 'int64', [5])
  const wrong: Record<string, () => unknown> = {
    types: () => op.add(x, y),
    broadcast: () => op.mul(x, op.slice(x, 2, 0, 3)),
    elements: () => op.reshape(x, [5, 5]),
    permutation: () => op.transpose(x, [0, 1, 1]),
    axis: () => op.softmax(op.unsqueeze(x, 9)),
    sizes: () => op.split(x, [1, 2], 2),
    range: () => op.slice(x, 1, 0, 4),
    indices: () => op.gather(ids, x),
    condition: () => op.where(x, x, x),
    concat: () => op.concat([x, op.slice(x, 1, 0, 2)], 2),
    norm: () => op.simplifiedLayerNormalization(x, op.reshape(op.slice(x, 0, 0, 1), [12]), 1e-5),
    foreign: () => op.neg(new Graph().input('z', 'float32', [1])),
    unknown: () => graph.node('Erf', [x]),
  }
  for (const [name, add] of Object.entries(wrong)) assert.throws(add, { family: 'bug' }, name)
})

test('Graph.constant() stores equal small constants once', () => {
  const { graph } = build()
  assert.equal(graph.ints([1, -1]), graph.ints([1, -1]))
  assert.notEqual(graph.scalar('float32', 1), graph.scalar('float64', 1))
})

test('Graph.weight() refuses a location whose bytes do not fit its shape', () => {
  const { graph } = build()
  const at = { type: 'bf16', shape: [4, 2], file: 'm.safetensors', offset: 9, bytes: 16 } as const
  assert.deepEqual(graph.weight('w', at), { name: 'w', type: 'bfloat16', shape: [4, 2] })
  assert.throws(() => graph.weight('v', { ...at, bytes: 15 }), /expected 16 bytes for bfloat16 \[4, 2\], got 15/)
})
