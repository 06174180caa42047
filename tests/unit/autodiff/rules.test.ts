import assert from 'node:assert/strict'
import { test } from 'node:test'
import fc from 'fast-check'
import { gradientRules } from '../../../src/autodiff/rules.ts'
import type { Operators } from '../../../src/onnx/operators.ts'
import type { Tensor } from '../../../src/onnx/tensor.ts'
import { type Build, gradientError } from './gradient-check.ts'

/** Three small dimensions and a die for the case at hand. */
interface Sizes {
  readonly a: number
  readonly b: number
  readonly c: number
  readonly die: number
}
const dimension = fc.integer({ min: 1, max: 4 })
const sizes = fc.record({ a: dimension, b: dimension, c: dimension, die: fc.nat(1023) })

const indices = (op: Operators, shape: number[], below: number, die: number): Tensor => {
  const count = shape.reduce((x, y) => x * y, 1)
  return op.graph.constant(
    'int64',
    shape,
    BigInt64Array.from({ length: count }, (_, i) => BigInt((die + i * 7) % below)),
  )
}
/** The second operand repeats along some axes, or has fewer. */
const partner = ({ a, b, c, die }: Sizes): number[] =>
  [[a, b, c], [b, c], [c], [], [1, b, 1], [a, 1, c]][die % 6] as number[]

const elementwise =
  (name: 'add' | 'sub' | 'mul' | 'max' | 'min'): ((s: Sizes) => Build) =>
  (s) =>
  (op, number) => {
    const domain = name === 'max' || name === 'min' ? 'apart' : 'any'
    const pair = [number([s.a, s.b, s.c], domain), number(partner(s), domain)] as const
    return [s.die % 2 === 0 ? op[name](...pair) : op[name](pair[1], pair[0])]
  }
const unary =
  (
    name: 'neg' | 'exp' | 'log' | 'sqrt' | 'reciprocal' | 'sigmoid' | 'silu' | 'identity',
    domain: 'any' | 'positive' = 'any',
  ): ((s: Sizes) => Build) =>
  (s) =>
  (op, number) => [op[name](number([s.a, s.b, s.c], domain))]
const reduction =
  (name: 'reduceSum' | 'reduceMean'): ((s: Sizes) => Build) =>
  (s) =>
  (op, number) => [op[name](number([s.a, s.b, s.c]), [undefined, [1], [-1, 0], [2]][s.die % 4], s.die % 8 < 4)]
const flags = (die: number) => ({ transA: die % 2, transB: (die >> 1) % 2, alpha: 0.25 + (die % 5) })
const turned = (shape: number[], flag: number) =>
  flag === 0 ? shape : [...shape.slice(0, -2), ...shape.slice(-2).reverse()]

const cases: Record<string, (s: Sizes) => Build> = {
  Add: elementwise('add'),
  Sub: elementwise('sub'),
  Mul: elementwise('mul'),
  Max: elementwise('max'),
  Min: elementwise('min'),
  Div: (s) => (op, number) => [op.div(number([s.a, s.b, s.c]), number(partner(s), 'positive'))],
  Sum: (s) => (op, number) => {
    const x = number([s.a, s.b, s.c])
    return [op.sum([x, number(partner(s)), x])]
  },
  Where: (s) => (op, number) => {
    const bits = Uint8Array.from({ length: s.a * s.b * s.c }, (_, i) => (s.die >> i) & 1)
    return [op.where(op.graph.constant('bool', [s.a, s.b, s.c], bits), number(partner(s)), number([s.a, s.b, s.c]))]
  },
  Identity: unary('identity'),
  Neg: unary('neg'),
  Exp: unary('exp'),
  Log: unary('log', 'positive'),
  Sqrt: unary('sqrt', 'positive'),
  Reciprocal: unary('reciprocal', 'positive'),
  Sigmoid: unary('sigmoid'),
  Silu: unary('silu'),
  /** To float32 and back would lose the digits that the check needs; float64 to float64 is a Cast all the same. */
  Cast: (s) => (op, number) => op.graph.node('Cast', [number([s.a, s.b])], { to: 11 }),
  Softmax: (s) => (op, number) => [op.softmax(number([s.a, s.b + 1, s.c + 1]), (s.die % 2) - 2)],
  ReduceSum: reduction('reduceSum'),
  ReduceMean: reduction('reduceMean'),
  MatMul: (s) => (op, number) => [
    op.matMul(number([2, s.a, s.b]), number(s.die % 2 === 0 ? [s.b, s.c] : [2, s.b, s.c])),
  ],
  FusedMatMul: (s) => (op, number) => {
    const how = flags(s.die)
    const batch = s.die % 3 === 0 ? [] : [1, 2]
    return [
      op.fusedMatMul(
        number(turned([3, 2, s.a, s.b], how.transA)),
        number(turned([...batch, s.b, s.c], how.transB)),
        how,
      ),
    ]
  },
  Gemm: (s) => (op, number) => {
    const how = flags(s.die)
    const addend = [undefined, [s.c], [1, s.c], [s.a, s.c]][s.die % 4]
    const [x, w] = [number(turned([s.a, s.b], how.transA)), number(turned([s.b, s.c], how.transB))]
    return [op.gemm(x, w, how, addend === undefined ? undefined : number(addend))]
  },
  Reshape: (s) => (op, number) => [op.reshape(number([s.a, s.b, s.c]), [s.c * s.b, -1])],
  Transpose: (s) => (op, number) => {
    const orders = [
      [2, 0, 1],
      [1, 2, 0],
      [0, 2, 1],
    ]
    return [op.transpose(number([s.a, s.b, s.c]), orders[s.die % 3] as number[])]
  },
  Unsqueeze: (s) => (op, number) => [op.unsqueeze(number([s.a, s.b]), s.die % 2, -1)],
  Squeeze: (s) => (op, number) => [op.squeeze(number([s.a, 1, s.b, 1]), 1, -1)],
  Expand: (s) => (op, number) => [op.expand(number([1, s.b, 1]), [2, s.a, s.b, s.c])],
  Concat: (s) => (op, number) => [
    op.concat([number([s.a, 2, s.c]), number([s.a, s.b, s.c]), number([s.a, 1, s.c])], s.die % 2 === 0 ? 1 : -2),
  ],
  Split: (s) => (op, number) =>
    op.split(number([s.a, s.b + s.c + 2]), [s.b, 2, s.c], 1).filter((_, i) => i !== s.die % 4),
  Slice: (s) => (op, number) => [op.slice(number([s.a, s.b + 2]), 1, s.die % 2, s.b + 1)],
  Gather: (s) => (op, number) => {
    const axis = s.die % 2
    const x = number([s.a + 1, s.b + 1, s.c])
    return [op.gather(x, indices(op, [2, 3], x.shape[axis] as number, s.die), axis)]
  },
  GatherElements: (s) => (op, number) => [
    op.gatherElements(number([s.a, s.b + 2]), indices(op, [s.a, 3], s.b + 2, s.die), 1),
  ],
  SimplifiedLayerNormalization: (s) => (op, number) => [
    op.simplifiedLayerNormalization(number([s.a, s.b, s.c + 1], 'nonzero'), number([s.c + 1]), 1e-5).y,
  ],
  RotaryEmbedding: (s) => (op, number) => {
    const x = number(s.die % 2 === 0 ? [s.a, s.b, 2 * s.c * 2] : [s.a, 2, s.b, 2 * s.c])
    const positions = s.die % 3 === 0 ? op.graph.ints([1]) : indices(op, [s.a, s.b], 6, s.die)
    const angles = Float64Array.from({ length: 6 * s.c }, (_, i) => i * 0.7)
    const table = (f: (x: number) => number) => op.graph.constant('float64', [6, s.c], angles.map(f))
    return [op.rotaryEmbedding(x, positions, table(Math.cos), table(Math.sin))]
  },
  LinearCrossEntropy: (s) => (op, number) => [
    op.linearCrossEntropy(number([s.a, s.b]), number([s.c + 2, s.b]), indices(op, [s.a], s.c + 2, s.die)),
  ],
}

test('gradientRules has a numerical check for each op', () => {
  assert.deepEqual(Object.keys(cases).sort(), Object.keys(gradientRules).sort())
})

for (const [name, build] of Object.entries(cases)) {
  test(`gradientRules.${name} equals the numerical gradient to 1e-7 in float64`, () =>
    fc.assert(
      fc.asyncProperty(sizes, fc.nat(), async (shape, seed) => {
        const error = await gradientError(build(shape), seed)
        assert.ok(error <= 1e-7, `relative error ${error}`)
      }),
      { numRuns: 6 },
    ))
}
