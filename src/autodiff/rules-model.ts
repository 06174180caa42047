/** Gradients of the ops that a decoder is made of, in the cheapest form known for each. */
import { graphError } from '../onnx/graph.ts'
import type { Tensor } from '../onnx/tensor.ts'
import { type GradientRule, type RuleRequest, zeros } from './rule.ts'

export const modelRules: Readonly<Record<string, GradientRule>> = {
  /** y = x·g, g = sigmoid(x): dx = dy·(g + y·(1 - g)). */
  Silu: (r) => [
    () => {
      const { op } = onlyFirst(r)
      const [y, gate] = [r.y(0), r.y(1)]
      return op.mul(r.dy, op.add(gate, op.mul(y, op.sub(op.graph.scalar(y.type, 1), gate))))
    },
  ],
  /**
   * y = scale·n, n = x·inverse, inverse = (mean x² + epsilon)^(-1/2). The inverse depends on x, which takes the part of
   * the gradient along n away: dx = (dn - n·mean(dn·n))·inverse with dn = dy·scale.
   */
  SimplifiedLayerNormalization: (r) => {
    const { op } = onlyFirst(r)
    const inverse = r.y(1)
    const normed = op.mul(r.x(0), inverse)
    return [
      () => {
        const inner = op.mul(r.dy, r.x(1))
        const along = op.mul(normed, op.reduceMean(op.mul(inner, normed), [-1]))
        return op.mul(op.sub(inner, along), inverse)
      },
      () =>
        op.reduceSum(
          op.mul(r.dy, normed),
          normed.shape.slice(1).map((_, axis) => axis),
          false,
        ),
    ]
  },
  /** A rotation of pairs: its transpose is the rotation by the opposite angle. */
  RotaryEmbedding: (r) => [() => r.op.rotaryEmbedding(r.dy, r.x(1), r.x(2), r.op.neg(r.x(3)))],
  /**
   * Loss -log p[label], p = softmax(z), z = rows·headᵀ: dz = g·(p - onehot(label)). The product with the one-hot matrix
   * is a look-up of the label's row: drows = g·(p·head - head[label]); and in dhead it is an addition to that row. There
   * g goes to the rows, which are far smaller than p.
   */
  LinearCrossEntropy: (r) => {
    const { op, dy } = onlyFirst(r)
    const [rows, head, labels, probabilities] = [r.x(0), r.x(1), r.x(2), r.y(1)]
    return [
      () => op.mul(dy, op.sub(op.matMul(probabilities, head), op.gather(head, labels))),
      () => {
        const weighed = op.mul(rows, dy)
        const smooth = op.fusedMatMul(probabilities, weighed, { transA: 1 })
        const places = op.expand(op.unsqueeze(labels, 1), rows.shape)
        const sharp = op.scatterElements(zeros(op, head), places, weighed, 0, 'add')
        return op.sub(smooth, sharp)
      },
    ]
  },
}

/** These ops have a second output for their own gradient; the loss must not depend on it. */
function onlyFirst(r: RuleRequest): RuleRequest & { dy: Tensor } {
  if (r.gradients.slice(1).some((gradient) => gradient !== undefined))
    throw graphError(`Cannot differentiate ${r.node.op}: expected use of output 0 alone, got use of output 1`)
  return r
}
