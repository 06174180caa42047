/**
 * Rewrites a graph into ops that a provider has: a table from op to the ops that stand for it, and one walker. Ops that
 * a table does not name are copied. Ops of our own (Silu, LinearCrossEntropy) are in every table.
 */
import { Graph, graphError } from './graph.ts'
import { composites } from './lowering-composites.ts'
import { primitives } from './lowering-primitives.ts'
import type { Lowering, LoweringTable } from './lowering-table.ts'
import { webgpu } from './lowering-webgpu.ts'
import { operators } from './operators.ts'
import type { Tensor } from './tensor.ts'

/**
 * `portable` is standard ONNX alone: the only one for float64, which ONNX Runtime's own operators lack, and what other
 * runtimes can read.
 */
export type Target = 'cpu' | 'cuda' | 'webgpu' | 'portable'

const tables: Readonly<Record<Target, LoweringTable>> = {
  cpu: composites,
  cuda: composites,
  webgpu: { ...composites, ...webgpu },
  portable: { ...composites, ...primitives },
}

/** The same graph in the ops of a target, or of a table; inputs, weights and outputs keep their names. */
export function lower(graph: Graph, target: Target | LoweringTable): Graph {
  const table = typeof target === 'string' ? tables[target] : target
  const lowered = new Graph()
  const op = operators(lowered)
  const now = new Map<string, Tensor>()
  for (const tensor of graph.inputs) {
    const { name, type, shape } = tensor
    now.set(name, lowered.input(name, type, shape, graph.constantOf(tensor)))
  }
  const moved = (tensor: Tensor): Tensor => {
    const known = now.get(tensor.name)
    if (known !== undefined) return known
    const initializer = graph.initializers.get(tensor.name)
    if (initializer === undefined) throw graphError(`Cannot lower ${tensor.name}: expected an earlier tensor`)
    const { data } = initializer
    const made = ArrayBuffer.isView(data)
      ? lowered.constant(tensor.type, tensor.shape, data)
      : lowered.weight(tensor.name, data)
    now.set(tensor.name, made)
    return made
  }
  for (const node of graph.nodes) {
    const inputs = node.inputs.map((tensor) => (tensor === undefined ? undefined : moved(tensor)))
    const outputs = expand(table, { op, node: { ...node, inputs } })
    node.outputs.forEach((tensor, i) => {
      const made = outputs[i]
      if (made !== undefined) now.set(tensor.name, made)
    })
  }
  for (const [name, tensor] of graph.outputs) lowered.output(name, moved(tensor))
  return lowered
}

function expand(table: LoweringTable, request: Parameters<Lowering>[0]): readonly (Tensor | undefined)[] {
  const { node, op } = request
  const lowering = table[node.op]
  if (lowering === undefined) return op.graph.node(node.op, node.inputs, node.attributes, node.outputs.length)
  return lowering(request)
}
