import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import { Graph } from '../../../src/onnx/graph.ts'
import { lower, type Target } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { type Operators, operators } from '../../../src/onnx/operators.ts'
import { createSession, type Data } from '../../../src/onnx/session.ts'
import { elements, type Tensor } from '../../../src/onnx/tensor.ts'
import { trainGraph } from '../../../src/training/graph.ts'
import { tinyCheckpoint, tinyLora } from '../../golden/tiny.ts'

type Build = (op: Operators, number: (name: string, ...shape: number[]) => Tensor) => Record<string, Tensor>

async function evaluate(build: Build, type: 'float32' | 'float64', target: Target): Promise<Record<string, Data>> {
  const graph = new Graph()
  const given: Tensor[] = []
  const outputs = build(operators(graph), (name, ...shape) => {
    const tensor = graph.input(name, type, shape)
    given.push(tensor)
    return tensor
  })
  for (const [name, tensor] of Object.entries(outputs)) graph.output(name, tensor)
  const model = serialize(lower(graph, target))
  const session = await createSession(model, {
    folder: '/',
    device: 'cpu',
    threads: 1,
    purpose: 'train',
    optimization: 'basic',
  })
  const feeds = given.map(({ name, shape }) => {
    const random = createRandom(name)
    const data = Array.from({ length: elements(shape) }, () => random.normal())
    return [
      name,
      { type, shape, data: type === 'float32' ? Float32Array.from(data) : Float64Array.from(data) },
    ] as const
  })
  const made = await session.run(Object.fromEntries(feeds), Object.keys(outputs))
  await session.release()
  for (const [name, tensor] of Object.entries(outputs)) {
    assert.equal(made[name]?.length, elements(tensor.shape), `elements of ${name}`)
  }
  return made
}

const cases: Record<string, Build> = {
  FusedMatMul: (op, number) => ({
    y: op.fusedMatMul(number('a', 2, 3, 5, 4), number('b', 2, 3, 6, 5), { transA: 1, transB: 1, alpha: 0.3 }),
  }),
  'RotaryEmbedding, flat with an offset': (op, number) => ({
    y: op.rotaryEmbedding(number('x', 2, 5, 16), op.graph.ints([0]), number('cos', 7, 4), number('sin', 7, 4)),
  }),
  'RotaryEmbedding, heads with positions': (op, number) => {
    const positions = op.graph.constant('int64', [2, 3], BigInt64Array.of(0n, 1n, 2n, 4n, 5n, 6n))
    return { y: op.rotaryEmbedding(number('x', 2, 2, 3, 8), positions, number('cos', 7, 4), number('sin', 7, 4)) }
  },
  SimplifiedLayerNormalization: (op, number) =>
    op.simplifiedLayerNormalization(number('x', 3, 7), number('scale', 7), 1e-5),
  SkipSimplifiedLayerNormalization: (op, number) =>
    op.skipSimplifiedLayerNormalization(number('x', 1, 3, 7), number('skip', 1, 3, 7), number('scale', 7), 1e-5),
  Silu: (op, number) => ({ y: op.silu(number('x', 9)) }),
  'FusedMatMul of matrices': (op, number) => ({
    y: op.fusedMatMul(number('a', 3, 5), number('b', 4, 3), { transA: 1, transB: 1, alpha: 0.3 }),
  }),
  Sum: (op, number) => ({ y: op.sum([number('a', 2, 3), number('b', 3), number('c', 2, 1)]) }),
  Split: (op, number) => {
    const parts = op.split(number('x', 2, 14), Array<number>(14).fill(1), -1)
    return { y: op.sub(op.concat(parts.toReversed(), 1), parts[3] as Tensor) }
  },
  ScatterElements: (op, number) => {
    const rows = op.expand(op.graph.constant('int64', [3, 1], BigInt64Array.of(4n, 0n, 4n)), [3, 2])
    return { y: op.scatterElements(number('x', 5, 2), rows, number('updates', 3, 2), 0, 'add') }
  },
  LinearCrossEntropy: (op, number) => {
    const labels = op.graph.constant('int64', [3], BigInt64Array.of(4n, 0n, 8n))
    return { y: op.linearCrossEntropy(number('x', 3, 5), number('head', 9, 5), labels) }
  },
}

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
