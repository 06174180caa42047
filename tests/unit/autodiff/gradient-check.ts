/**
 * Numerical gradient check in float64: every element of every input is moved by ±h and ±2h (five-point stencil, error
 * O(h⁴)), and the gradient vector compared as a whole.
 */

import { gradients } from '../../../src/autodiff/gradients.ts'
import { createRandom, type Random } from '../../../src/core/random.ts'
import { Graph } from '../../../src/onnx/graph.ts'
import { lower } from '../../../src/onnx/lowering.ts'
import { serialize } from '../../../src/onnx/model-proto.ts'
import { type Operators, operators } from '../../../src/onnx/operators.ts'
import { createSession } from '../../../src/onnx/session.ts'
import { elements, type Tensor } from '../../../src/onnx/tensor.ts'

/** Builds `outputs` from float64 inputs asked for by `number(shape, domain)`. */
export type Build = (op: Operators, number: (shape: readonly number[], domain?: Domain) => Tensor) => Tensor[]
export type Domain = keyof typeof domains

const domains = {
  any: (random: Random) => random.normal(),
  positive: (random: Random) => 0.5 + random.next(),
  /** A norm of numbers near 0 bends within the steps of the check. */
  nonzero: (random: Random) => (random.below(2) === 0 ? -1 : 1) * (0.5 + random.next()),
  /** Two inputs are never closer than 0.3, for ops with a kink where they meet. */
  apart: (random: Random, input: number) => random.below(7) + 0.3 * input,
}

/** Worst relative L2 error over the inputs of `build`, for a loss that weighs every output element at random. */
export async function gradientError(build: Build, seed: number): Promise<number> {
  const random = createRandom(seed)
  const graph = new Graph()
  const op = operators(graph)
  const inputs: { tensor: Tensor; data: Float64Array }[] = []
  const outputs = build(op, (shape, domain = 'any') => {
    const tensor = graph.input(`x${inputs.length}`, 'float64', shape)
    const draw = domains[domain].bind(undefined, random, inputs.length)
    inputs.push({ tensor, data: Float64Array.from({ length: elements(shape) }, draw) })
    return tensor
  })
  const weighed = outputs.map((output) => {
    const weights = Float64Array.from({ length: elements(output.shape) }, () => random.normal())
    return op.reduceSum(op.mul(output, graph.constant('float64', output.shape, weights)), undefined, false)
  })
  const loss = weighed.reduce((sum, term) => op.add(sum, term))
  graph.output('loss', loss)
  const made = gradients(
    graph,
    loss,
    inputs.map(({ tensor }) => tensor),
  )
  made.forEach((gradient, i) => {
    graph.output(`g${i}`, op.identity(gradient))
  })
  const session = await createSession(serialize(lower(graph, 'portable')), {
    folder: '/',
    device: 'cpu',
    threads: 1,
    purpose: 'train',
    optimization: 'disabled',
  })
  try {
    const feeds = Object.fromEntries(
      inputs.map(({ tensor: { name, shape }, data }) => [name, { type: 'float64', shape, data }] as const),
    )
    const analytic = await session.run(
      feeds,
      inputs.map((_, i) => `g${i}`),
    )
    const errors: { difference: number; norm: number }[] = []
    for (const [i, { data }] of inputs.entries()) {
      let [difference, norm] = [0, 0]
      for (let j = 0; j < data.length; j++) {
        const numeric = await slope(data, j, async () => Number((await session.run(feeds, ['loss']))['loss']?.[0]))
        difference += (numeric - Number(analytic[`g${i}`]?.[j])) ** 2
        norm += numeric ** 2
      }
      errors.push({ difference: Math.sqrt(difference), norm: Math.sqrt(norm) })
    }
    // An input that plays no part (the smaller side of Max) has gradient 0: it is measured against the others.
    const floor = 1e-3 * Math.max(...errors.map(({ norm }) => norm))
    return Math.max(...errors.map(({ difference, norm }) => difference / Math.max(norm, floor)))
  } finally {
    await session.release()
  }
}

async function slope(data: Float64Array, j: number, loss: () => Promise<number>): Promise<number> {
  const h = 1e-3
  const at = data[j] as number
  const values: number[] = []
  for (const step of [-2, -1, 1, 2]) {
    data[j] = at + step * h
    values.push(await loss())
  }
  data[j] = at
  const [a, b, c, d] = values as [number, number, number, number]
  return (a - 8 * b + 8 * c - d) / (12 * h)
}
