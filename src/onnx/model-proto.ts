/**
 * Writes a graph as an ONNX model (ModelProto). Weights are external data: the model names file, offset and length, and
 * ONNX Runtime maps them; constants are inline. Only nodes that an output needs are written.
 */
import { create, toBinary } from '@bufbuild/protobuf'
import {
  AttributeProto_AttributeType,
  AttributeProtoSchema,
  GraphProtoSchema,
  ModelProtoSchema,
  NodeProtoSchema,
  OperatorSetIdProtoSchema,
  StringStringEntryProtoSchema,
  TensorProto_DataLocation,
  TensorProtoSchema,
  TensorShapeProto_DimensionSchema,
  TensorShapeProtoSchema,
  TypeProto_TensorSchema,
  TypeProtoSchema,
  ValueInfoProtoSchema,
} from 'onnx-buf'
import { type Attribute, type Graph, graphError, type Initializer, type Node } from './graph.ts'
import { type Tensor, typeNumbers } from './tensor.ts'

const opset = 21n
const irVersion = 10n
/** ONNX Runtime's own operators. (It keeps SimplifiedLayerNormalization in the default domain.) */
const microsoft = new Set(['FusedMatMul', 'RotaryEmbedding', 'SkipSimplifiedLayerNormalization', 'MatMulNBits'])
/** Ops whose outputs may be left out. */
const optionalOutputs = new Set(['SimplifiedLayerNormalization', 'SkipSimplifiedLayerNormalization'])
const floatAttributes = new Set(['alpha', 'beta', 'epsilon', 'scale'])

/**
 * The bytes of the model file. Sizes that differ from run to run are built with stand-ins: numbers that occur nowhere
 * else in the graph. `varying` names them, and they are written as symbols instead.
 */
export function serialize(graph: Graph, varying: Readonly<Record<string, number>> = {}): Uint8Array {
  const symbols = new Map(Object.entries(varying).map(([symbol, size]) => [size, symbol]))
  const { nodes, used } = reachable(graph)
  const renamed = new Map<string, string>()
  for (const [name, tensor] of graph.outputs) {
    if (graph.producer(tensor) === undefined || renamed.has(tensor.name))
      throw graphError(`Cannot write output ${name}: expected a computed tensor with one name, got ${tensor.name}`)
    renamed.set(tensor.name, name)
  }
  const nameOf = (tensor: Tensor | undefined) => (tensor === undefined ? '' : (renamed.get(tensor.name) ?? tensor.name))
  const model = create(ModelProtoSchema, {
    irVersion,
    producerName: 'fedpit',
    opsetImport: [
      create(OperatorSetIdProtoSchema, { domain: '', version: opset }),
      create(OperatorSetIdProtoSchema, { domain: 'com.microsoft', version: 1n }),
    ],
    graph: create(GraphProtoSchema, {
      name: 'graph',
      node: nodes.map((node) => nodeProto(node, nameOf, used)),
      initializer: [...graph.initializers.values()]
        .filter(({ tensor }) => used.has(tensor.name))
        .map((initializer) => tensorProto(initializer, symbols)),
      input: graph.inputs.map((tensor) => valueInfo(tensor.name, tensor, symbols)),
      output: [...graph.outputs].map(([name, tensor]) => valueInfo(name, tensor, symbols)),
    }),
  })
  return toBinary(ModelProtoSchema, model)
}

/** Nodes that an output depends on, in order, and the names of all tensors that are read. */
function reachable(graph: Graph): { nodes: Node[]; used: Set<string> } {
  const used = new Set([...graph.outputs.values()].map(({ name }) => name))
  const nodes: Node[] = []
  for (const node of graph.nodes.toReversed()) {
    if (!node.outputs.some(({ name }) => used.has(name))) continue
    for (const input of node.inputs) if (input !== undefined) used.add(input.name)
    nodes.push(node)
  }
  return { nodes: nodes.reverse(), used }
}

function nodeProto(node: Node, nameOf: (tensor: Tensor | undefined) => string, used: Set<string>) {
  const { op, inputs, outputs, attributes } = node
  const kept = outputs.map((tensor) => (optionalOutputs.has(op) && !used.has(tensor.name) ? undefined : tensor))
  return create(NodeProtoSchema, {
    name: outputs[0]?.name ?? op,
    opType: op,
    domain: microsoft.has(op) ? 'com.microsoft' : '',
    input: inputs.map(nameOf),
    output: kept.map(nameOf),
    attribute: Object.entries(attributes).map(([name, value]) => attribute(name, value)),
  })
}

function attribute(name: string, value: Attribute) {
  const type = AttributeProto_AttributeType
  if (typeof value === 'string')
    return create(AttributeProtoSchema, { name, type: type.STRING, s: new TextEncoder().encode(value) })
  if (typeof value === 'object') return create(AttributeProtoSchema, { name, type: type.INTS, ints: value.map(BigInt) })
  if (floatAttributes.has(name)) return create(AttributeProtoSchema, { name, type: type.FLOAT, f: value })
  return create(AttributeProtoSchema, { name, type: type.INT, i: BigInt(value) })
}

function tensorProto({ tensor, data }: Initializer, symbols: ReadonlyMap<number, string>) {
  const fixed = tensor.type === 'int64' && data instanceof BigInt64Array ? Array.from(data, Number) : []
  for (const size of fixed) {
    if (symbols.has(size))
      throw graphError(
        `Cannot write constant ${tensor.name}: expected sizes that hold in every run, got ${symbols.get(size)}`,
      )
  }
  const head = { name: tensor.name, dataType: typeNumbers[tensor.type], dims: tensor.shape.map(BigInt) }
  if (ArrayBuffer.isView(data)) {
    const bytes = new Uint8Array(data.byteLength)
    bytes.set(new Uint8Array(data.buffer, data.byteOffset, data.byteLength))
    return create(TensorProtoSchema, { ...head, rawData: bytes })
  }
  const entries = { location: data.file, offset: String(data.offset), length: String(data.bytes) }
  return create(TensorProtoSchema, {
    ...head,
    dataLocation: TensorProto_DataLocation.EXTERNAL,
    externalData: Object.entries(entries).map(([key, value]) => create(StringStringEntryProtoSchema, { key, value })),
  })
}

function valueInfo(name: string, { type, shape }: Tensor, symbols: ReadonlyMap<number, string>) {
  const dim = shape.map((n) => {
    const symbol = symbols.get(n)
    return create(TensorShapeProto_DimensionSchema, {
      value: symbol === undefined ? { case: 'dimValue', value: BigInt(n) } : { case: 'dimParam', value: symbol },
    })
  })
  const tensorType = create(TypeProto_TensorSchema, {
    elemType: typeNumbers[type],
    shape: create(TensorShapeProtoSchema, { dim }),
  })
  return create(ValueInfoProtoSchema, {
    name,
    type: create(TypeProtoSchema, { value: { case: 'tensorType', value: tensorType } }),
  })
}
