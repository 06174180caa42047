/** Gradients of arithmetic, elementwise functions and reductions. */

import type { Tensor } from '../onnx/tensor.ts'
import { attributeOf, type GradientRule, inverseCount, type RuleRequest, unbroadcast } from './rule.ts'

/** Inputs a and b that broadcast; each function gives d(output) to d(input) before the sum over repeated axes. */
const binary =
  (da: (r: RuleRequest) => Tensor, db: (r: RuleRequest) => Tensor): GradientRule =>
  (r) => [() => unbroadcast(r.op, da(r), r.x(0).shape), () => unbroadcast(r.op, db(r), r.x(1).shape)]

const unary =
  (dx: (r: RuleRequest) => Tensor): GradientRule =>
  (r) => [() => dx(r)]

/** The gradient goes to the chosen side; to the second where both are equal. */
const choice = (first: 'greater' | 'less'): GradientRule =>
  binary(
    ({ op, dy, x }) => op.where(op[first](x(0), x(1)), dy, op.graph.scalar(dy.type, 0)),
    ({ op, dy, x }) => op.where(op[first](x(0), x(1)), op.graph.scalar(dy.type, 0), dy),
  )

/** Brings the gradient of a reduction back to the shape of its input. */
const spread = (r: RuleRequest): Tensor => {
  const { op, node, dy } = r
  const shape = r.x(0).shape
  if (node.inputs[1] === undefined || attributeOf(node, 'keepdims', 1) === 1) return op.expand(dy, shape)
  const axes = new Set((r.graph.constantOf(r.x(1)) ?? []).map((axis) => (axis < 0 ? axis + shape.length : axis)))
  return op.expand(
    op.reshape(
      dy,
      shape.map((n, i) => (axes.has(i) ? 1 : n)),
    ),
    shape,
  )
}

export const elementwiseRules: Readonly<Record<string, GradientRule>> = {
  Add: binary(
    ({ dy }) => dy,
    ({ dy }) => dy,
  ),
  Sub: binary(
    ({ dy }) => dy,
    ({ op, dy }) => op.neg(dy),
  ),
  Mul: binary(
    ({ op, dy, x }) => op.mul(dy, x(1)),
    ({ op, dy, x }) => op.mul(dy, x(0)),
  ),
  Div: binary(
    ({ op, dy, x }) => op.div(dy, x(1)),
    ({ op, dy, x, y }) => op.neg(op.mul(dy, op.div(y(0), x(1)))),
  ),
  Max: choice('greater'),
  Min: choice('less'),
  Sum: (r) => r.node.inputs.map((_, i) => () => unbroadcast(r.op, r.dy, r.x(i).shape)),
  Where: (r) => {
    const zero = r.op.graph.scalar(r.dy.type, 0)
    return [
      undefined,
      () => unbroadcast(r.op, r.op.where(r.x(0), r.dy, zero), r.x(1).shape),
      () => unbroadcast(r.op, r.op.where(r.x(0), zero, r.dy), r.x(2).shape),
    ]
  },
  Identity: unary(({ dy }) => dy),
  Neg: unary(({ op, dy }) => op.neg(dy)),
  Exp: unary(({ op, dy, y }) => op.mul(dy, y(0))),
  Log: unary(({ op, dy, x }) => op.div(dy, x(0))),
  Sqrt: unary(({ op, dy, y }) => op.div(op.mul(dy, op.graph.scalar(dy.type, 0.5)), y(0))),
  Reciprocal: unary(({ op, dy, y }) => op.neg(op.mul(dy, op.mul(y(0), y(0))))),
  Sigmoid: unary(({ op, dy, y }) => op.mul(dy, op.sub(y(0), op.mul(y(0), y(0))))),
  Cast: unary(({ op, dy, x }) => op.cast(dy, x(0).type)),
  /** dx = p·(dy - Σ p·dy) along the axis. */
  Softmax: unary(({ op, dy, y, node }) => {
    const weighted = op.mul(dy, y(0))
    return op.sub(weighted, op.mul(y(0), op.reduceSum(weighted, [attributeOf(node, 'axis', -1)])))
  }),
  ReduceSum: unary(spread),
  ReduceMean: unary((r) => {
    const count = r.op.graph.scalar(r.dy.type, inverseCount(r.x(0), r.y(0)))
    return spread({ ...r, dy: r.op.mul(r.dy, count) })
  }),
}
