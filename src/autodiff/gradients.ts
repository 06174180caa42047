/**
 * Reverse-mode differentiation of a graph: walks the nodes backwards and asks a table for each node's rule, as a matrix
 * of `vector-Jacobian products`. The walker knows no op; an op without a rule is an error that names it.
 *
 * Only the path matters: nodes that lie between the parameters and the loss are visited, and only inputs on the path are
 * given a gradient, so frozen weights cost nothing.
 */
import { type Graph, graphError, type Node } from '../onnx/graph.ts'
import { type Operators, operators } from '../onnx/operators.ts'
import type { Tensor } from '../onnx/tensor.ts'
import type { RuleRequest } from './rule.ts'
import { gradientRules } from './rules.ts'

export interface GradientOptions {
  /**
   * Nodes that the backward pass computes again where it reads their outputs, instead of keeping those in memory from the
   * forward pass on. Worth it for what is large and cheap: casts of weights, elementwise functions.
   */
  readonly recompute?: (node: Node) => boolean
}

/** Extends `graph` by the gradient of a scalar with respect to each tensor in `parameters`, and returns those. */
export function gradients(
  graph: Graph,
  loss: Tensor,
  parameters: readonly Tensor[],
  options: GradientOptions = {},
): Tensor[] {
  if (loss.shape.length !== 0) throw graphError(`Cannot differentiate: expected a scalar, got [${loss.shape}]`)
  const op = operators(graph)
  const forward = [...graph.nodes]
  const onPath = dependents(forward, parameters)
  const fresh = recomputation(op, options)
  const terms = new Map<string, Tensor[]>([[loss.name, [graph.scalar(loss.type, 1)]]])
  for (const node of forward.toReversed()) {
    if (!node.inputs.some((input) => input !== undefined && onPath.has(input.name))) continue
    const given = node.outputs.map((output) => total(op, terms, output))
    if (given.every((gradient) => gradient === undefined)) continue
    const rule = gradientRules[node.op]
    if (rule === undefined) throw graphError(`Cannot differentiate ${node.op}: expected a gradient rule, got none`)
    const made = rule(request(op, node, given, fresh))
    node.inputs.forEach((input, i) => {
      if (input === undefined || !onPath.has(input.name)) return
      const gradient = made[i]?.()
      if (gradient === undefined)
        throw graphError(`Cannot differentiate ${node.op}: expected a gradient for input ${i}, got none`)
      if (String(gradient.shape) !== String(input.shape))
        throw graphError(`Cannot differentiate ${node.op}: expected [${input.shape}], got [${gradient.shape}]`)
      terms.set(input.name, [...(terms.get(input.name) ?? []), gradient])
    })
  }
  return parameters.map((parameter) => {
    const gradient = total(op, terms, parameter)
    if (gradient === undefined)
      throw graphError(`Cannot differentiate: expected ${parameter.name} to reach ${loss.name}, got no path`)
    return gradient
  })
}

/** Names of all tensors that depend on one of `roots`, roots included. */
function dependents(nodes: readonly Node[], roots: readonly Tensor[]): Set<string> {
  const names = new Set(roots.map(({ name }) => name))
  for (const node of nodes) {
    if (!node.inputs.some((input) => input !== undefined && names.has(input.name))) continue
    for (const output of node.outputs) names.add(output.name)
  }
  return names
}

/** The sum of the gradients that reached a tensor; it replaces them, so that it is added up once. */
function total(op: Operators, terms: Map<string, Tensor[]>, tensor: Tensor): Tensor | undefined {
  const [first, second, ...more] = terms.get(tensor.name) ?? []
  if (first === undefined || second === undefined) return first
  const sum = [second, ...more].reduce(op.add, first)
  terms.set(tensor.name, [sum])
  return sum
}

/** From a tensor of the forward pass to the one that the backward pass reads: itself, or the same computed again. */
function recomputation(op: Operators, { recompute }: GradientOptions): (tensor: Tensor) => Tensor {
  const again = new Map<string, Tensor>()
  return (tensor) => {
    const node = op.graph.producer(tensor)
    if (node === undefined || recompute?.(node) !== true) return tensor
    if (!again.has(tensor.name)) {
      const made = op.graph.node(node.op, node.inputs, node.attributes, node.outputs.length)
      node.outputs.forEach((output, i) => {
        again.set(output.name, made[i] as Tensor)
      })
    }
    return again.get(tensor.name) as Tensor
  }
}

function request(
  op: Operators,
  node: Node,
  given: readonly (Tensor | undefined)[],
  fresh: (tensor: Tensor) => Tensor,
): RuleRequest {
  const part = (tensors: readonly (Tensor | undefined)[], what: string, i: number): Tensor => {
    const tensor = tensors[i]
    if (tensor === undefined) throw graphError(`Cannot differentiate ${node.op}: expected ${what} ${i}, got none`)
    return tensor
  }
  return {
    op,
    graph: op.graph,
    node,
    gradients: given,
    x: (i) => fresh(part(node.inputs, 'input', i)),
    y: (i) => fresh(part(node.outputs, 'output', i)),
    get dy() {
      return part(given, 'the gradient of output', 0)
    },
  }
}
