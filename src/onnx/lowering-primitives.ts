/** ONNX Runtime's own operators in standard ONNX: for float64, for other runtimes, and where a provider's are wrong. */
import { inputOf, type Lowering, type LoweringRequest, type LoweringTable, numberOf } from './lowering-table.ts'
import type { Tensor } from './tensor.ts'

/** alpha·op(a)·op(b) as Transpose, MatMul and Mul. */
export const primitiveFusedMatMul: Lowering = (request) => {
  const { op } = request
  const turned = (i: number, name: string): Tensor => {
    const x = inputOf(request, i)
    if (numberOf(request, name, 0) === 0) return x
    const axes = x.shape.map((_, axis) => axis)
    return op.transpose(x, [...axes.slice(0, -2), axes.at(-1) as number, axes.at(-2) as number])
  }
  const y = op.matMul(turned(0, 'transA'), turned(1, 'transB'))
  const alpha = numberOf(request, 'alpha', 1)
  return [alpha === 1 ? y : op.mul(y, op.graph.scalar(y.type, alpha))]
}

/** RMSNorm, and 1/rms of each row. */
export const primitiveNorm: Lowering = (request) => norm(request, inputOf(request, 0), inputOf(request, 1))

export const primitives: LoweringTable = {
  FusedMatMul: primitiveFusedMatMul,
  SimplifiedLayerNormalization: primitiveNorm,
  SkipSimplifiedLayerNormalization: (request) => {
    const sum = request.op.add(inputOf(request, 0), inputOf(request, 1))
    const [y] = norm(request, sum, inputOf(request, 2))
    return [y, undefined, undefined, sum]
  },
  RotaryEmbedding: (request) => {
    const x = inputOf(request, 0)
    return [x.shape.length === 4 ? rotate(request, x) : rotateFlat(request, x)]
  },
}

function norm(request: LoweringRequest, x: Tensor, scale: Tensor): [Tensor, Tensor] {
  const { op } = request
  const meanSquare = op.reduceMean(op.mul(x, x), [-1])
  const epsilon = op.graph.scalar(x.type, numberOf(request, 'epsilon', 1e-5))
  const inverse = op.reciprocal(op.sqrt(op.add(meanSquare, epsilon)))
  return [op.mul(op.mul(x, inverse), scale), inverse]
}

/** [B, T, heads·D]: heads apart, turn, heads together. */
function rotateFlat(request: LoweringRequest, x: Tensor): Tensor {
  const { op } = request
  const [batch, length, width] = x.shape as [number, number, number]
  const size = 2 * (inputOf(request, 2).shape[1] as number)
  const heads = op.transpose(op.reshape(x, [batch, length, width / size, size]), [0, 2, 1, 3])
  return op.reshape(op.transpose(rotate(request, heads), [0, 2, 1, 3]), x.shape)
}

/** [B, heads, T, D]: (a, b) -> (a·cos - b·sin, b·cos + a·sin), a and b the two halves of D. */
function rotate(request: LoweringRequest, x: Tensor): Tensor {
  const { op } = request
  const positions = inputOf(request, 1)
  const [, , length, size] = x.shape as [number, number, number, number]
  const table = (i: number): Tensor => {
    const whole = inputOf(request, i)
    if (positions.shape.length === 2) return op.unsqueeze(op.gather(whole, positions), 1)
    const steps = op.graph.ints(Array.from({ length }, (_, t) => t))
    return op.gather(whole, op.add(steps, positions))
  }
  const [cosine, sine] = [table(2), table(3)]
  const [a, b] = op.split(x, [size / 2, size / 2], 3) as [Tensor, Tensor]
  return op.concat([op.sub(op.mul(a, cosine), op.mul(b, sine)), op.add(op.mul(b, cosine), op.mul(a, sine))], 3)
}
