/** What a gradient rule is, and what several rules need. */
import { type Graph, graphError, type Node } from '../onnx/graph.ts'
import type { Operators } from '../onnx/operators.ts'
import { elements, type Tensor } from '../onnx/tensor.ts'

export interface RuleRequest {
  /** Builders of the graph that is being extended. */
  readonly op: Operators
  readonly graph: Graph
  readonly node: Node
  /** Input i of the node. */
  x(i: number): Tensor
  /** Output i of the node. */
  y(i: number): Tensor
  /** Gradient of output 0: rules of nodes with one differentiable output. */
  readonly dy: Tensor
  /** Gradient of each output; `undefined` is zero. */
  readonly gradients: readonly (Tensor | undefined)[]
}

/**
 * From a node and the gradients of its outputs to the gradient of each input, computed only when asked for. An input
 * without an entry (indices, masks, shapes) has none.
 */
export type GradientRule = (request: RuleRequest) => readonly ((() => Tensor) | undefined)[]

/** Undoes broadcasting: adds up the axes along which a tensor of `shape` was repeated. */
export function unbroadcast(op: Operators, gradient: Tensor, shape: readonly number[]): Tensor {
  const extra = gradient.shape.length - shape.length
  const axes = gradient.shape.flatMap((n, i) => (i < extra || (n !== 1 && shape[i - extra] === 1) ? [i] : []))
  if (axes.length === 0) return gradient
  const summed = op.reduceSum(gradient, axes)
  return extra === 0 ? summed : op.reshape(summed, shape)
}

/** A tensor of zeros like `model`. */
export function zeros(op: Operators, model: Pick<Tensor, 'type' | 'shape'>): Tensor {
  return op.expand(op.graph.scalar(model.type, 0), model.shape)
}

/** A numeric attribute. */
export function attributeOf(node: Node, name: string, otherwise: number): number {
  const value = node.attributes[name]
  return typeof value === 'number' ? value : otherwise
}

/** Axis of input 0, counted from the front. */
export function axisOf({ node, x }: RuleRequest, otherwise = 0): number {
  const axis = attributeOf(node, 'axis', otherwise)
  return axis < 0 ? axis + x(0).shape.length : axis
}

/** The whole numbers of a constant input. */
export function constantOf({ graph, node, x }: RuleRequest, i: number): number[] {
  const values = graph.constantOf(x(i))
  if (values === undefined) throw graphError(`Cannot differentiate ${node.op}: expected a constant as input ${i}`)
  return values
}

/** Mean over n elements as a factor 1/n. */
export function inverseCount(from: Tensor, to: Tensor): number {
  return elements(to.shape) / elements(from.shape)
}
