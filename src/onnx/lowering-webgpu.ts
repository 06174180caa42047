/**
 * What the WebGPU provider of onnxruntime 1.30 needs otherwise. It has no kernel for FusedMatMul, Sum, ScatterElements
 * and Slice of integers (they would travel to the processor and back), a Split into 12 parts or more fails in its shader,
 * and its SimplifiedLayerNormalization leaves the second output unwritten: gradients would be garbage, without an error.
 */

import { primitiveFusedMatMul, primitiveNorm } from './lowering-primitives.ts'
import { inputOf, type LoweringTable, numberOf } from './lowering-table.ts'
import type { Tensor } from './tensor.ts'

export const webgpu: LoweringTable = {
  SimplifiedLayerNormalization: primitiveNorm,
  FusedMatMul: (request) => {
    const [a, b] = [inputOf(request, 0), inputOf(request, 1)]
    if (a.shape.length !== 2 || b.shape.length !== 2) return primitiveFusedMatMul(request)
    const [transA, transB] = [numberOf(request, 'transA', 0), numberOf(request, 'transB', 0)]
    return [request.op.gemm(a, b, { transA, transB, alpha: numberOf(request, 'alpha', 1) })]
  },
  Sum: ({ op, node }) => {
    const [first, ...rest] = node.inputs.filter((tensor) => tensor !== undefined)
    return [first === undefined ? first : rest.reduce(op.add, first)]
  },
  Split: (request) => {
    const { op, node } = request
    const [x, sizes] = [inputOf(request, 0), inputOf(request, 1)]
    const axis = numberOf(request, 'axis', 0)
    // Sizes that an input gives vary from run to run: such a Split stays.
    if (!op.graph.initializers.has(sizes.name))
      return op.graph.node(node.op, node.inputs, { axis }, node.outputs.length)
    let start = 0
    return node.outputs.map(({ shape }) => {
      const size = shape.at(axis) as number
      start += size
      if (x.type === 'float32') return op.slice(x, axis, start - size, start)
      return op.gather(x, op.graph.ints(Array.from({ length: size }, (_, i) => start - size + i)), axis)
    })
  },
  /** Whole rows, the only form that gradient rules make: their indices are one column, repeated. */
  ScatterElements: (request) => {
    const { op, node } = request
    const [x, indices, updates] = [inputOf(request, 0), inputOf(request, 1), inputOf(request, 2)]
    const repeated = op.graph.producer(indices)
    const column: Tensor | undefined = repeated?.op === 'Expand' ? repeated.inputs[0] : undefined
    if (numberOf(request, 'axis', 0) !== 0 || x.shape.length !== 2 || column?.shape[1] !== 1)
      return op.graph.node(node.op, node.inputs, node.attributes)
    const places = op.cast(column, 'int64')
    return [op.scatterND(x, places, updates, node.attributes['reduction'] === 'add' ? 'add' : 'set')]
  },
}
