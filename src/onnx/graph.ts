/**
 * A graph under construction: inputs, constants, weights that lie on disk, nodes in topological order, outputs.
 * Every node is checked when it is added (shape-rules.ts), so a wrong shape is an error where it is written and never in
 * a run. It knows nothing of files or of ONNX Runtime: model-proto.ts writes it, session.ts runs it.
 *
 * @example
 * const graph = new Graph()
 * const op = operators(graph)                                  // operators.ts: one builder per op
 * const x = graph.input('x', 'float32', [4, 64])
 * const w = graph.weight('proj', checkpoint.weights.get('...')) // external data, stays on disk
 * graph.output('y', op.softmax(op.gemm(x, w, { transB: 1 })))
 * const model = serialize(lower(graph, 'cpu'))                 // lowering.ts, model-proto.ts
 * const session = await createSession(model, { folder, device: 'cpu', threads: 2, purpose: 'train' })
 * const { y } = await session.run({ x: { type: 'float32', shape: [4, 64], data } }, ['y'])
 * await session.release()
 */
import { FedpitError } from '../core/errors.ts'
import { shapeRules } from './shape-rules.ts'
import { describe, type ElementType, elementBytes, elements, type Numbers, type Tensor } from './tensor.ts'

export type Attribute = number | string | readonly number[]
export type Attributes = Readonly<Record<string, Attribute>>

export interface Node {
  readonly op: string
  /** `undefined` is an optional input that is left out. */
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes: Attributes
  readonly outputs: readonly Tensor[]
}

/** Where a weight lies on disk; a `WeightLocation` of a checkpoint is one. */
export interface ExternalData {
  /** `u8`: quantised codes. */
  readonly type: 'f32' | 'f16' | 'bf16' | 'u8'
  readonly shape: readonly number[]
  /** Relative to the folder that the session is given. */
  readonly file: string
  readonly offset: number
  readonly bytes: number
}

export interface Initializer {
  readonly tensor: Tensor
  readonly data: Numbers | ExternalData
}

const weightTypes = { f32: 'float32', f16: 'float16', bf16: 'bfloat16', u8: 'uint8' } as const

export class Graph {
  readonly inputs: Tensor[] = []
  readonly nodes: Node[] = []
  readonly initializers = new Map<string, Initializer>()
  readonly outputs = new Map<string, Tensor>()
  readonly #producers = new Map<string, Node>()
  readonly #constants = new Map<string, Tensor>()
  readonly #names = new Set<string>()
  readonly #standIns = new Map<string, number[]>()

  /**
   * `standIns` are the numbers of an input that shapes depend on (the sizes of a Split), as they are while the graph is
   * built; at run time they vary (see `serialize`).
   */
  input(name: string, type: ElementType, shape: readonly number[], standIns?: readonly number[]): Tensor {
    const tensor = this.#declare(name, type, shape)
    if (standIns !== undefined) this.#standIns.set(name, [...standIns])
    this.inputs.push(tensor)
    return tensor
  }

  output(name: string, tensor: Tensor): void {
    if (this.outputs.has(name)) throw graphError(`Cannot name output "${name}": expected a new name, got one in use`)
    this.outputs.set(name, tensor)
  }

  /** Numbers inside the model file; equal ones are stored once. */
  constant(type: ElementType, shape: readonly number[], data: Numbers): Tensor {
    if (data.length !== elements(shape) || data.BYTES_PER_ELEMENT !== elementBytes[type]) {
      throw graphError(
        `Cannot add constant: expected ${describe({ type, shape })}, got ${data.length} of ${data.BYTES_PER_ELEMENT} bytes`,
      )
    }
    const key = data.length <= 16 ? `${type}:${shape}:${data}` : undefined
    const known = key === undefined ? undefined : this.#constants.get(key)
    if (known !== undefined) return known
    const tensor = this.#declare(this.#fresh('constant'), type, shape)
    this.initializers.set(tensor.name, { tensor, data })
    if (key !== undefined) this.#constants.set(key, tensor)
    return tensor
  }

  /** An int64 vector. */
  ints(values: readonly number[]): Tensor {
    return this.constant('int64', [values.length], BigInt64Array.from(values, BigInt))
  }

  /** A floating-point scalar. */
  scalar(type: ElementType, value: number): Tensor {
    if (type === 'float32') return this.constant(type, [], Float32Array.of(value))
    if (type === 'float64') return this.constant(type, [], Float64Array.of(value))
    throw graphError(`Cannot add scalar: expected float32 or float64, got ${type}`)
  }

  /** A tensor that stays on disk; asking twice for one name gives the same tensor. */
  weight(name: string, data: ExternalData): Tensor {
    const known = this.initializers.get(name)
    if (known !== undefined) return known.tensor
    const type = weightTypes[data.type]
    if (elements(data.shape) * elementBytes[type] !== data.bytes) {
      throw graphError(
        `Cannot add weight ${name}: expected ${elements(data.shape) * elementBytes[type]} bytes for ${describe({ type, shape: data.shape })}, got ${data.bytes}`,
      )
    }
    const tensor = this.#declare(name, type, data.shape)
    this.initializers.set(name, { tensor, data })
    return tensor
  }

  /** Adds a node whose output types and shapes follow from its inputs. `outputs` matters to Split alone. */
  node(op: string, inputs: readonly (Tensor | undefined)[], attributes: Attributes = {}, outputs = 1): Tensor[] {
    const rule = shapeRules[op]
    if (rule === undefined) throw graphError(`Cannot add node ${op}: expected an op with a shape rule`)
    for (const input of inputs) {
      if (input !== undefined && !this.#names.has(input.name))
        throw graphError(`Cannot add node ${op}: input ${input.name} belongs to another graph`)
    }
    const constantOf = (tensor: Tensor) => this.constantOf(tensor)
    const types = rule({ op, inputs, attributes, outputs, constantOf })
    const made = types.map(({ type, shape }) => this.#declare(this.#fresh(op), type, shape))
    const node = { op, inputs, attributes, outputs: made }
    this.nodes.push(node)
    for (const tensor of made) this.#producers.set(tensor.name, node)
    return made
  }

  /** The node that computes a tensor; none for inputs and initializers. */
  producer(tensor: Tensor): Node | undefined {
    return this.#producers.get(tensor.name)
  }

  /** The numbers of a constant (not of a weight on disk), or the stand-ins of an input that has them. */
  constantOf(tensor: Tensor): number[] | undefined {
    const data = this.initializers.get(tensor.name)?.data ?? this.#standIns.get(tensor.name)
    return data !== undefined && (Array.isArray(data) || ArrayBuffer.isView(data))
      ? Array.from(data, Number)
      : undefined
  }

  #fresh(stem: string): string {
    return `${stem}.${this.#names.size}`
  }

  #declare(name: string, type: ElementType, shape: readonly number[]): Tensor {
    if (this.#names.has(name)) throw graphError(`Cannot name tensor "${name}": expected a new name, got one in use`)
    if (!shape.every((n) => Number.isSafeInteger(n) && n >= 0)) {
      throw graphError(`Cannot add tensor ${name}: expected a shape of whole numbers, got [${shape}]`)
    }
    this.#names.add(name)
    return { name, type, shape: [...shape] }
  }
}

/** A graph that cannot be built is a fault of this program, not of its input. */
export function graphError(message: string): FedpitError {
  return new FedpitError(message, { family: 'bug', code: 'onnx.graph' })
}
