/** Gradients of matrix products. */

import type { Tensor } from '../onnx/tensor.ts'
import { attributeOf, type GradientRule, type RuleRequest, unbroadcast } from './rule.ts'

type Multiply = (a: Tensor, b: Tensor, how: { transA: number; transB: number; alpha: number }) => Tensor

/**
 * y = alpha·op(a)·op(b), op being a transpose or nothing: da = alpha·dy·op(b)ᵀ and db = alpha·op(a)ᵀ·dy, each transposed
 * as a whole where its input was. No transposed copy is ever made: transposes go into the product.
 */
function product(r: RuleRequest, multiply: Multiply): [() => Tensor, () => Tensor] {
  const transA = attributeOf(r.node, 'transA', 0)
  const transB = attributeOf(r.node, 'transB', 0)
  const alpha = attributeOf(r.node, 'alpha', 1)
  return [
    () =>
      transA === 0
        ? multiply(r.dy, r.x(1), { transA: 0, transB: 1 - transB, alpha })
        : multiply(r.x(1), r.dy, { transA: transB, transB: 1, alpha }),
    () =>
      transB === 0
        ? multiply(r.x(0), r.dy, { transA: 1 - transA, transB: 0, alpha })
        : multiply(r.dy, r.x(0), { transA: 1, transB: transA, alpha }),
  ]
}

const batched: GradientRule = (r) => {
  const [da, db] = product(r, r.op.fusedMatMul)
  return [() => unbroadcast(r.op, da(), r.x(0).shape), () => unbroadcast(r.op, db(), r.x(1).shape)]
}

export const productRules: Readonly<Record<string, GradientRule>> = {
  MatMul: batched,
  FusedMatMul: batched,
  Gemm: (r) => [...product(r, r.op.gemm), () => unbroadcast(r.op, r.dy, r.x(2).shape)],
}
