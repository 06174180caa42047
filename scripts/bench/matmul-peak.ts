/** The yardstick: a plain matrix product of 2048³ on the same provider. */
import { createRandom } from '../../src/core/random.ts'
import { Graph } from '../../src/onnx/graph.ts'
import { serialize } from '../../src/onnx/model-proto.ts'
import { operators } from '../../src/onnx/operators.ts'
import { createSession, type Feed, type Provider } from '../../src/onnx/session.ts'

const size = 2048
export const matmulFlops = 2 * size ** 3

export interface MatmulPeak {
  run(): Promise<void>
  release(): Promise<void>
}

/**
 * `packed`: the right side is a constant that ONNX Runtime packs ahead, the fastest it can; otherwise both sides are
 * inputs, as weights are in training. One number of each row comes back, so that copying the result does not count.
 */
export async function matmulPeak(device: Provider, threads: number, packed: boolean): Promise<MatmulPeak> {
  const random = createRandom('matmul')
  const numbers = () => Float32Array.from({ length: size * size }, () => random.next() - 0.5)
  const graph = new Graph()
  const op = operators(graph)
  const shape = [size, size]
  const left = graph.input('left', 'float32', shape)
  const right = packed ? graph.constant('float32', shape, numbers()) : graph.input('right', 'float32', shape)
  graph.output('y', op.reduceMax(op.matMul(left, right), [1]))
  const session = await createSession(serialize(graph), { folder: '/', device, threads, purpose: 'decode' })
  const feeds: Record<string, Feed> = Object.fromEntries(
    graph.inputs.map(({ name }) => [name, { type: 'float32', shape, data: numbers() }]),
  )
  return {
    run: async () => {
      await session.run(feeds, ['y'])
    },
    release: () => session.release(),
  }
}
