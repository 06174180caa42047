/**
 * The linears of a decoder as generation needs them: those that read the same rows are asked for together, so that a
 * form of the weights that keeps them side by side can compute them as one product.
 */
import type { DecoderLinear, DecoderWeights } from '../model/decoder-weights.ts'
import type { Operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'

export interface Linears {
  /** x [..., in] -> [..., out] each, biases added. */
  project(layer: number, linears: readonly DecoderLinear[], x: Tensor): Tensor[]
  /** rows [..., hidden] -> logits [..., vocabulary] */
  logits(rows: Tensor): Tensor
}

/** As stored in the checkpoint, [out, in]. */
export function plainLinears(op: Operators, weights: DecoderWeights): Linears {
  return {
    project: (layer, linears, x) =>
      linears.map((linear) => {
        const y = op.fusedMatMul(x, weights.linear(layer, linear), { transB: 1 })
        const bias = weights.bias(layer, linear)
        return bias === undefined ? y : op.add(y, bias)
      }),
    logits: (rows) => op.fusedMatMul(rows, weights.head(), { transB: 1 }),
  }
}
