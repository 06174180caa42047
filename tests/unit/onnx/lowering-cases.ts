/** Graphs of one op each that some lowering replaces, and how to run them: on any device, in the ops of any target. */
import assert from 'node:assert/strict'
import { createRandom } from '../../../src/core/random.ts'
import { Graph } from '../../../src/onnx/graph.ts'
import { lower, type Target } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { type Operators, operators } from '../../../src/onnx/operators.ts'
import { createSession, type Data, type SessionOptions } from '../../../src/onnx/session.ts'
import { elements, type Tensor } from '../../../src/onnx/tensor.ts'

/** `number` makes an input of random numbers, drawn from its name. */
export type Build = (op: Operators, number: (name: string, ...shape: number[]) => Tensor) => Record<string, Tensor>

/** The outputs of a graph, on the processor unless `device` says otherwise. */
export async function evaluate(
  build: Build,
  type: 'float32' | 'float64',
  target: Target,
  device: Pick<SessionOptions, 'device' | 'strict'> = { device: 'cpu' },
): Promise<Record<string, Data>> {
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
    ...device,
    folder: '/',
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

export const cases: Record<string, Build> = {
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
  'Split of integers': (op, number) => {
    const ids = op.graph.constant('int32', [5], Int32Array.of(4, 0, 3, 1, 2))
    const [first, second] = op.split(ids, [2, 3], 0) as [Tensor, Tensor]
    const table = number('table', 5, 2)
    return { first: op.gather(table, first), second: op.gather(table, second) }
  },
  'FusedMatMul of matrices': (op, number) => ({
    y: op.fusedMatMul(number('a', 3, 5), number('b', 4, 3), { transA: 1, transB: 1, alpha: 0.3 }),
  }),
  Sum: (op, number) => ({ y: op.sum([number('a', 2, 3), number('b', 3), number('c', 2, 1)]) }),
  Split: (op, number) => {
    const parts = op.split(number('x', 2, 14), Array<number>(14).fill(1), -1)
    return { y: op.sub(op.concat(parts.toReversed(), 1), parts[3] as Tensor) }
  },
  ScatterElements: (op, number) => {
    const rows = op.expand(op.graph.constant('int32', [3, 1], Int32Array.of(4, 0, 4)), [3, 2])
    return { y: op.scatterElements(number('x', 5, 2), rows, number('updates', 3, 2), 0, 'add') }
  },
  LinearCrossEntropy: (op, number) => {
    const labels = op.graph.constant('int32', [3], Int32Array.of(4, 0, 8))
    return { y: op.linearCrossEntropy(number('x', 3, 5), number('head', 9, 5), labels) }
  },
}
