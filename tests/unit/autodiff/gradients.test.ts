import assert from 'node:assert/strict'
import { test } from 'node:test'
import { gradients } from '../../../src/autodiff/gradients.ts'
import { Graph } from '../../../src/onnx/graph.ts'
import { operators } from '../../../src/onnx/operators.ts'

const build = () => {
  const graph = new Graph()
  return { graph, op: operators(graph) }
}

test('gradients() names an op that has no rule', () => {
  const { graph, op } = build()
  const x = graph.input('x', 'float32', [2, 3])
  const loss = op.reduceSum(op.reduceMax(x, [1]), undefined, false)
  assert.throws(() => gradients(graph, loss, [x]), {
    family: 'bug',
    message: 'Cannot differentiate ReduceMax: expected a gradient rule, got none',
  })
})

test('gradients() adds no node for a frozen weight and none below the lowest parameter', () => {
  const { graph, op } = build()
  const x = graph.input('x', 'float32', [4, 8])
  const frozen = graph.input('w', 'float32', [8, 8])
  const tuned = graph.input('b', 'float32', [8, 8])
  const below = op.reduceMax(op.gemm(x, frozen), [1]) // has no rule, and needs none
  const loss = op.reduceSum(op.gemm(op.gemm(op.mul(x, below), tuned), frozen), undefined, false)
  const before = graph.nodes.length
  const [gradient] = gradients(graph, loss, [tuned])
  assert.deepEqual(gradient?.shape, [8, 8])
  assert.deepEqual(
    graph.nodes.slice(before).map((node) => node.op),
    ['Expand', 'Gemm', 'Gemm'],
  )
})

test('gradients() sees a parameter through all its uses, and refuses one without a use', () => {
  const { graph, op } = build()
  const x = graph.input('x', 'float32', [3])
  const loss = op.reduceSum(op.sum([x, op.mul(x, x), op.exp(x)]), undefined, false)
  assert.deepEqual(gradients(graph, loss, [x])[0]?.shape, [3])
  const idle = graph.input('idle', 'float32', [3])
  assert.throws(() => gradients(graph, loss, [idle]), /expected idle to reach .* got no path/)
})

test('gradients() computes a node again where `recompute` says so, instead of keeping its output', () => {
  const { graph, op } = build()
  const x = graph.input('x', 'float32', [2, 4])
  const w = op.cast(graph.weight('w', { type: 'bf16', shape: [4, 4], file: 'm', offset: 0, bytes: 32 }), 'float32')
  const loss = op.reduceSum(op.gemm(x, w, { transB: 1 }), undefined, false)
  gradients(graph, loss, [x], { recompute: (node) => node.op === 'Cast' })
  assert.equal(graph.nodes.filter((node) => node.op === 'Cast').length, 2)
})

test('gradients() computes a recomputed node once, however many rules read it', () => {
  const { graph, op } = build()
  const x = graph.input('x', 'float32', [2, 4])
  const gate = op.silu(op.mul(x, x))
  const loss = op.reduceSum(op.mul(gate, op.exp(gate)), undefined, false)
  const before = graph.nodes.length
  gradients(graph, loss, [x], { recompute: (node) => node.op === 'Silu' })
  const made = graph.nodes.slice(before)
  const again = made.filter((node) => node.op === 'Silu')
  assert.equal(again.length, 1)
  const kept = new Set(graph.nodes.find((node) => node.op === 'Silu')?.outputs)
  assert.ok(made.every((node) => !node.inputs.some((input) => input !== undefined && kept.has(input))))
})
