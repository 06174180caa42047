/**
 * How fast a provider is at what training consists of: products of many rows with a weight. A Vulkan in software works
 * and computes right, at a hundredth of the processor's own speed.
 */
import { createRandom } from '../../core/random.ts'
import { Graph } from '../../onnx/graph.ts'
import { serialize } from '../../onnx/model-proto.ts'
import { operators } from '../../onnx/operators.ts'
import { createSession, type Provider } from '../../onnx/session.ts'
import type { Tensor } from '../../onnx/tensor.ts'

const [rows, width, products, runs] = [128, 1024, 4, 2]

/** Floating-point operations a second, best of a few runs; the first, which compiles, does not count. */
export async function productSpeed(device: Provider, threads: number): Promise<number> {
  const random = createRandom('speed')
  const numbers = (count: number) => Float32Array.from({ length: count }, () => (random.next() - 0.5) / 16)
  const graph = new Graph()
  const op = operators(graph)
  const weight = graph.constant('float32', [width, width], numbers(width * width))
  let x: Tensor = graph.input('x', 'float32', [rows, width])
  for (let i = 0; i < products; i++) x = op.gemm(x, weight, { transB: 1 })
  graph.output('y', op.reduceSum(x, [1]))
  const session = await createSession(serialize(graph), { folder: '.', device, threads, purpose: 'train' })
  try {
    const feeds = { x: { type: 'float32', shape: [rows, width], data: numbers(rows * width) } } as const
    await session.run(feeds, ['y'])
    let best = Number.POSITIVE_INFINITY
    for (let i = 0; i < runs; i++) {
      const started = performance.now()
      await session.run(feeds, ['y'])
      best = Math.min(best, performance.now() - started)
    }
    return (2 * rows * width * width * products) / (best / 1000)
  } finally {
    await session.release()
  }
}
