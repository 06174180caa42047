import assert from 'node:assert/strict'
import { test } from 'node:test'
import { lower } from '../../../src/onnx/lowering.ts'
import { trainGraph } from '../../../src/training/graph.ts'
import { tinyCheckpoint, tinyLora } from '../../golden/tiny.ts'
import { cases, evaluate } from './lowering-cases.ts'

for (const [name, build] of Object.entries(cases)) {
  test(`lower() keeps the value of ${name}: float32 for each provider, float64 in portable ops`, async () => {
    const exact = await evaluate(build, 'float64', 'portable')
    for (const target of ['cpu', 'webgpu', 'portable'] as const) {
      const fast = await evaluate(build, 'float32', target)
      for (const [output, values] of Object.entries(exact)) {
        values.forEach((value, i) => {
          const close = Math.abs(Number(value) - Number(fast[output]?.[i])) <= 1e-5 * (1 + Math.abs(Number(value)))
          assert.ok(close, `${output}[${i}]: float64 ${value}, ${target} ${fast[output]?.[i]}`)
        })
      }
    }
  })
}

test('lower() leaves no op to webgpu that it lacks or gets wrong', async () => {
  const checkpoint = await tinyCheckpoint('llama')
  const bucket = { batch: 2, length: 8, rows: 5 }
  const graph = lower(trainGraph(checkpoint, tinyLora, bucket, { trainable: 'AB', dropout: 0.1 }), 'webgpu')
  const wrong = ['FusedMatMul', 'Sum', 'ScatterElements', 'SimplifiedLayerNormalization', 'Split', 'Silu']
  assert.deepEqual(
    [...new Set(graph.nodes.map(({ op }) => op))].filter((op) => wrong.includes(op)),
    [],
  )
})

test('lower() leaves nothing but standard ONNX to portable', async () => {
  const checkpoint = await tinyCheckpoint('llama')
  const graph = trainGraph(checkpoint, tinyLora, { batch: 2, length: 8, rows: 5 }, { trainable: 'AB', dropout: 0 })
  const own = ['FusedMatMul', 'RotaryEmbedding', 'SimplifiedLayerNormalization', 'Silu', 'LinearCrossEntropy']
  assert.ok(own.every((op) => graph.nodes.some((node) => node.op === op)))
  assert.ok(lower(graph, 'portable').nodes.every(({ op }) => !own.includes(op)))
})
