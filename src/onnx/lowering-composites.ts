/** Ops of our own, which exist so that they can have a gradient rule of their own, in ops that ONNX Runtime has. */
import { inputOf, type LoweringTable } from './lowering-table.ts'

/** Keeps log away from 0; the gradient does not go through it. */
const tiny = 1e-37

export const composites: LoweringTable = {
  Silu: (request) => {
    const x = inputOf(request, 0)
    const gate = request.op.sigmoid(x)
    return [request.op.mul(x, gate), gate]
  },
  LinearCrossEntropy: (request) => {
    const { op } = request
    const [rows, head, labels] = [inputOf(request, 0), inputOf(request, 1), inputOf(request, 2)]
    const probabilities = op.softmax(op.gemm(rows, head, { transB: 1 }))
    const chosen = op.gatherElements(probabilities, op.unsqueeze(labels, 1), 1)
    return [op.neg(op.log(op.max(chosen, op.graph.scalar(rows.type, tiny)))), probabilities]
  },
}
