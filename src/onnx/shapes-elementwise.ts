/** Shapes of arithmetic, elementwise functions and reductions. */
import {
  all,
  axisOf,
  broadcast,
  castType,
  fail,
  input,
  int,
  like,
  type ShapeRule,
  sameType,
  values,
} from './shape-request.ts'

const elementwise: ShapeRule = (request) => {
  const [first, ...rest] = all(request)
  const shape = rest.reduce((so, next) => broadcast(request, so, next.shape), first.shape)
  return [{ type: sameType(request, [first, ...rest]), shape }]
}
const unary: ShapeRule = (request) => [like(input(request, 0))]
const comparison: ShapeRule = (request) => elementwise(request).map(({ shape }) => ({ type: 'bool', shape }))

const reduction: ShapeRule = (request) => {
  const x = input(request, 0)
  const axes = request.inputs[1] === undefined ? x.shape.map((_, i) => i) : values(request, 1)
  const at = new Set(axes.map((axis) => axisOf(request, axis, x.shape.length)))
  const keep = int(request, 'keepdims', 1) === 1
  const shape = keep ? x.shape.map((n, i) => (at.has(i) ? 1 : n)) : x.shape.filter((_, i) => !at.has(i))
  return [{ type: x.type, shape }]
}

export const elementwiseShapes: Readonly<Record<string, ShapeRule>> = {
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Max: elementwise,
  Min: elementwise,
  Sum: elementwise,
  Equal: comparison,
  Less: comparison,
  Greater: comparison,
  Neg: unary,
  Exp: unary,
  Log: unary,
  Sqrt: unary,
  Reciprocal: unary,
  Sigmoid: unary,
  Identity: unary,
  Softmax: unary,
  /** Computes x·sigmoid(x) and, for the backward pass, sigmoid(x); lowered everywhere. */
  Silu: (request) => [like(input(request, 0)), like(input(request, 0))],
  Where: (request) => {
    const [mask, a, b] = [input(request, 0), input(request, 1), input(request, 2)]
    if (mask.type !== 'bool') fail(request, 'a bool condition')
    const shape = broadcast(request, mask.shape, broadcast(request, a.shape, b.shape))
    return [{ type: sameType(request, [a, b]), shape }]
  },
  Cast: (request) => [{ type: castType(request), shape: input(request, 0).shape }],
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  ArgMax: (request) => {
    const x = input(request, 0)
    const at = axisOf(request, int(request, 'axis', 0), x.shape.length)
    const shape = x.shape.map((n, i) => (i === at ? 1 : n))
    return [{ type: 'int64', shape: int(request, 'keepdims', 1) === 1 ? shape : shape.filter((_, i) => i !== at) }]
  },
}
