/**
 * One builder per op, for people who write graphs: `const op = operators(graph)`, then `op.gemm(x, w, { transB: 1 })`.
 * Shapes and axes are plain numbers here; where ONNX wants them as tensors they become constants.
 */
import type { Attributes, Graph } from './graph.ts'
import { type ElementType, type Tensor, typeNumbers } from './tensor.ts'

export type Operators = ReturnType<typeof operators>

export function operators(graph: Graph) {
  const one = (op: string, inputs: (Tensor | undefined)[], attributes?: Attributes): Tensor =>
    graph.node(op, inputs, attributes)[0] as Tensor
  const many = (op: string, inputs: Tensor[], attributes: Attributes, outputs: number): Tensor[] =>
    graph.node(op, inputs, attributes, outputs)
  const unary = (op: string) => (x: Tensor) => one(op, [x])
  const binary = (op: string) => (a: Tensor, b: Tensor) => one(op, [a, b])
  const reduce =
    (op: string) =>
    (x: Tensor, axes?: readonly number[], keep = true) =>
      one(op, axes === undefined ? [x] : [x, graph.ints(axes)], { keepdims: keep ? 1 : 0 })

  return {
    graph,
    add: binary('Add'),
    sub: binary('Sub'),
    mul: binary('Mul'),
    div: binary('Div'),
    max: binary('Max'),
    min: binary('Min'),
    equal: binary('Equal'),
    less: binary('Less'),
    greater: binary('Greater'),
    neg: unary('Neg'),
    exp: unary('Exp'),
    log: unary('Log'),
    sqrt: unary('Sqrt'),
    reciprocal: unary('Reciprocal'),
    sigmoid: unary('Sigmoid'),
    identity: unary('Identity'),
    sum: (terms: readonly Tensor[]) => one('Sum', [...terms]),
    where: (mask: Tensor, a: Tensor, b: Tensor) => one('Where', [mask, a, b]),
    cast: (x: Tensor, type: ElementType) => (x.type === type ? x : one('Cast', [x], { to: typeNumbers[type] })),
    softmax: (x: Tensor, axis = -1) => one('Softmax', [x], { axis }),
    reduceSum: reduce('ReduceSum'),
    reduceMean: reduce('ReduceMean'),
    reduceMax: reduce('ReduceMax'),
    argMax: (x: Tensor, axis: number, keep = false) => one('ArgMax', [x], { axis, keepdims: keep ? 1 : 0 }),

    matMul: binary('MatMul'),
    /** alpha·op(a)·op(b), batched; com.microsoft. */
    fusedMatMul: (a: Tensor, b: Tensor, { transA = 0, transB = 0, alpha = 1 } = {}) =>
      one('FusedMatMul', [a, b], { transA, transB, alpha }),
    /** alpha·op(a)·op(b) + addend, of matrices. */
    gemm: (a: Tensor, b: Tensor, { transA = 0, transB = 0, alpha = 1 } = {}, addend?: Tensor) =>
      one('Gemm', addend === undefined ? [a, b] : [a, b, addend], { transA, transB, alpha }),
    /** x·dequantised(codes)ᵀ (layouts: shapes-product.ts); accuracy 4 computes in int8, 0 in float32. */
    matMulNBits: (
      x: Tensor,
      codes: Tensor,
      scales: Tensor,
      { K, N, bits, block, accuracy }: { K: number; N: number; bits: 4 | 8; block: number; accuracy: 0 | 4 },
    ) => one('MatMulNBits', [x, codes, scales], { K, N, bits, block_size: block, accuracy_level: accuracy }),

    reshape: (x: Tensor, shape: readonly number[]) => one('Reshape', [x, graph.ints(shape)]),
    transpose: (x: Tensor, perm: readonly number[]) => one('Transpose', [x], { perm }),
    unsqueeze: (x: Tensor, ...axes: number[]) => one('Unsqueeze', [x, graph.ints(axes)]),
    squeeze: (x: Tensor, ...axes: number[]) => one('Squeeze', [x, graph.ints(axes)]),
    expand: (x: Tensor, shape: readonly number[]) => one('Expand', [x, graph.ints(shape)]),
    concat: (parts: readonly Tensor[], axis: number) => one('Concat', [...parts], { axis }),
    split: (x: Tensor, sizes: readonly number[], axis: number) =>
      many('Split', [x, graph.ints(sizes)], { axis }, sizes.length),
    /** Split by the numbers of an input (with stand-ins), which may differ from run to run. */
    splitBy: (x: Tensor, sizes: Tensor, axis: number) => many('Split', [x, sizes], { axis }, sizes.shape[0] as number),
    /** Elements start to end (exclusive) of one axis. */
    slice: (x: Tensor, axis: number, start: number, end: number) =>
      one('Slice', [x, graph.ints([start]), graph.ints([end]), graph.ints([axis])]),
    gather: (x: Tensor, indices: Tensor, axis = 0) => one('Gather', [x, indices], { axis }),
    gatherElements: (x: Tensor, indices: Tensor, axis: number) => one('GatherElements', [x, indices], { axis }),
    scatterElements: (x: Tensor, indices: Tensor, updates: Tensor, axis: number, reduction: 'set' | 'add' = 'set') =>
      one('ScatterElements', [x, indices, updates], reduction === 'add' ? { axis, reduction } : { axis }),
    scatterND: (x: Tensor, indices: Tensor, updates: Tensor, reduction: 'set' | 'add' = 'set') =>
      one('ScatterND', [x, indices, updates], reduction === 'add' ? { reduction } : {}),

    /** Rotates by the half-split pairing of Llama; positions [1] (an offset) or [B, T]. */
    rotaryEmbedding: (x: Tensor, positions: Tensor, cosine: Tensor, sine: Tensor) =>
      one('RotaryEmbedding', [x, positions, cosine, sine], { interleaved: 0 }),
    /** RMSNorm; `inverse` is 1/rms of each row. */
    simplifiedLayerNormalization: (x: Tensor, scale: Tensor, epsilon: number) => {
      const [y, inverse] = many('SimplifiedLayerNormalization', [x, scale], { axis: -1, epsilon, stash_type: 1 }, 2)
      return { y, inverse } as { y: Tensor; inverse: Tensor }
    },
    /** RMSNorm of x + skip, and the sum itself. */
    skipSimplifiedLayerNormalization: (x: Tensor, skip: Tensor, scale: Tensor, epsilon: number) => {
      const outputs = many('SkipSimplifiedLayerNormalization', [x, skip, scale], { epsilon }, 4)
      return { y: outputs[0], sum: outputs[3] } as { y: Tensor; sum: Tensor }
    },
    /** x·sigmoid(x). */
    silu: unary('Silu'),
    /** -log softmax(rows·headᵀ)[label] of each row [n, 1]; its own op because its gradient is (see autodiff/rules). */
    linearCrossEntropy: (rows: Tensor, head: Tensor, labels: Tensor) => one('LinearCrossEntropy', [rows, head, labels]),
  }
}
