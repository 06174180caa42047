/** What a lowering is: a node with its inputs already lowered goes in, the tensors that stand for its outputs come out. */
import { graphError, type Node } from './graph.ts'
import type { Operators } from './operators.ts'
import type { Tensor } from './tensor.ts'

export interface LoweringRequest {
  /** Builders of the lowered graph. */
  readonly op: Operators
  readonly node: Node
}
/** `undefined` for an output that this lowering does not compute; using it is an error. */
export type Lowering = (request: LoweringRequest) => readonly (Tensor | undefined)[]
export type LoweringTable = Readonly<Record<string, Lowering>>

/** Input i, which must be there. */
export function inputOf({ node }: LoweringRequest, i: number): Tensor {
  const tensor = node.inputs[i]
  if (tensor === undefined) throw graphError(`Cannot lower ${node.op}: expected input ${i}, got none`)
  return tensor
}

/** A numeric attribute; ONNX's default where it is left out. */
export function numberOf({ node }: LoweringRequest, name: string, otherwise: number): number {
  const value = node.attributes[name]
  return typeof value === 'number' ? value : otherwise
}
