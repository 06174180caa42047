/**
 * The legality of a graph as a table: one rule per op that says which inputs it takes and what comes out. Source: the
 * ONNX operator specification (opset 21) and ONNX Runtime's contrib operators (com.microsoft, version 1).
 */
import { FedpitError } from '../core/errors.ts'
import { describe, type ElementType, elements, elementTypes, type Tensor, typeNumbers } from './tensor.ts'

export interface NodeRequest {
  readonly op: string
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>
  readonly outputs: number
  /** The numbers of a constant input. */
  constantOf(tensor: Tensor): number[] | undefined
}
type Made = Pick<Tensor, 'type' | 'shape'>
type ShapeRule = (request: NodeRequest) => Made[]

const elementwise: ShapeRule = (request) => {
  const [first, ...rest] = all(request)
  const shape = rest.reduce((so, next) => broadcast(request, so, next.shape), first.shape)
  return [{ type: sameType(request, [first, ...rest]), shape }]
}
const unary: ShapeRule = (request) => [like(input(request, 0))]
const comparison: ShapeRule = (request) => elementwise(request).map(({ shape }) => ({ type: 'bool', shape }))

const reduction: ShapeRule = (request) => {
  const x = input(request, 0)
  const axes = request.inputs[1] === undefined ? x.shape.map((_, i) => i) : values(request, 1)
  const at = new Set(axes.map((axis) => axisOf(request, axis, x.shape.length)))
  const keep = int(request, 'keepdims', 1) === 1
  const shape = keep ? x.shape.map((n, i) => (at.has(i) ? 1 : n)) : x.shape.filter((_, i) => !at.has(i))
  return [{ type: x.type, shape }]
}

const product: ShapeRule = (request) => {
  const [a, b] = [input(request, 0), input(request, 1)]
  if (a.shape.length < 2 || b.shape.length < 2) fail(request, 'two tensors of rank 2 or more')
  const left = int(request, 'transA', 0) === 1 ? swapped(a.shape) : a.shape
  const right = int(request, 'transB', 0) === 1 ? swapped(b.shape) : b.shape
  if (left.at(-1) !== right.at(-2)) fail(request, 'equal inner dimensions')
  const batch = broadcast(request, left.slice(0, -2), right.slice(0, -2))
  return [{ type: sameType(request, [a, b]), shape: [...batch, ...left.slice(-2, -1), ...right.slice(-1)] }]
}

export const shapeRules: Readonly<Record<string, ShapeRule>> = {
  Add: elementwise,
  Sub: elementwise,
  Mul: elementwise,
  Div: elementwise,
  Max: elementwise,
  Min: elementwise,
  Sum: elementwise,
  Equal: comparison,
  Less: comparison,
  Greater: comparison,
  Neg: unary,
  Exp: unary,
  Log: unary,
  Sqrt: unary,
  Reciprocal: unary,
  Sigmoid: unary,
  Identity: unary,
  Softmax: unary,
  ReduceSum: reduction,
  ReduceMean: reduction,
  ReduceMax: reduction,
  MatMul: product,
  FusedMatMul: product,
  /** Computes x·sigmoid(x) and, for the backward pass, sigmoid(x); lowered everywhere. */
  Silu: (request) => [like(input(request, 0)), like(input(request, 0))],
  /**
   * rows [n, H], head [V, H], labels [n] -> -log softmax(rows·headᵀ)[label] [n, 1] and the probabilities [n, V], which
   * the backward pass needs; lowered everywhere.
   */
  LinearCrossEntropy: (request) => {
    const [rows, head, labels] = [input(request, 0), input(request, 1), input(request, 2)]
    const [n = -1, width] = rows.shape
    const type = sameType(request, [rows, head])
    if (rows.shape.length !== 2 || head.shape.length !== 2 || head.shape[1] !== width)
      fail(request, 'rows [n, H] and head [V, H]')
    if (labels.shape.length !== 1 || labels.shape[0] !== n) fail(request, 'one label for each row')
    return [
      { type, shape: [n, 1] },
      { type, shape: [n, head.shape[0] as number] },
    ]
  },
  Gemm: (request) => {
    if (all(request).some((x, i) => i < 2 && x.shape.length !== 2)) fail(request, 'two matrices')
    const [made] = product({ ...request, inputs: request.inputs.slice(0, 2) }) as [Made]
    const c = request.inputs[2]
    if (c !== undefined && String(broadcast(request, made.shape, c.shape)) !== String(made.shape))
      fail(request, `an addend that broadcasts to [${made.shape.join(', ')}]`)
    return [made]
  },
  Where: (request) => {
    const [mask, a, b] = [input(request, 0), input(request, 1), input(request, 2)]
    if (mask.type !== 'bool') fail(request, 'a bool condition')
    const shape = broadcast(request, mask.shape, broadcast(request, a.shape, b.shape))
    return [{ type: sameType(request, [a, b]), shape }]
  },
  Cast: (request) => [{ type: castType(request), shape: input(request, 0).shape }],
  ArgMax: (request) => {
    const x = input(request, 0)
    const at = axisOf(request, int(request, 'axis', 0), x.shape.length)
    const shape = x.shape.map((n, i) => (i === at ? 1 : n))
    return [{ type: 'int64', shape: int(request, 'keepdims', 1) === 1 ? shape : shape.filter((_, i) => i !== at) }]
  },
  Reshape: (request) => {
    const x = input(request, 0)
    /** 0 keeps the size of that axis. */
    const wanted = values(request, 1).map((n, i) => (n === 0 ? (x.shape[i] ?? 0) : n))
    const known = elements(wanted.filter((n) => n >= 0))
    const shape = wanted.map((n) => (n === -1 ? elements(x.shape) / known : n))
    if (elements(shape) !== elements(x.shape)) fail(request, `as many elements as [${wanted.join(', ')}]`)
    return [{ type: x.type, shape }]
  },
  Transpose: (request) => {
    const x = input(request, 0)
    const order = ints(request, 'perm')
    if (String([...order].sort((a, b) => a - b)) !== String(x.shape.map((_, i) => i)))
      fail(request, `a permutation of rank ${x.shape.length} instead of [${order.join(', ')}]`)
    return [{ type: x.type, shape: order.map((i) => x.shape[i] as number) }]
  },
  Unsqueeze: (request) => {
    const x = input(request, 0)
    const axes = values(request, 1)
    const shape = [...x.shape]
    const rank = shape.length + axes.length
    for (const axis of axes.map((a) => axisOf(request, a, rank)).sort((a, b) => a - b)) shape.splice(axis, 0, 1)
    return [{ type: x.type, shape }]
  },
  Squeeze: (request) => {
    const x = input(request, 0)
    const at = new Set(values(request, 1).map((axis) => axisOf(request, axis, x.shape.length)))
    if (x.shape.some((n, i) => at.has(i) && n !== 1)) fail(request, 'length 1 on the axes that go')
    return [{ type: x.type, shape: x.shape.filter((_, i) => !at.has(i)) }]
  },
  Expand: (request) => {
    const x = input(request, 0)
    return [{ type: x.type, shape: broadcast(request, x.shape, values(request, 1)) }]
  },
  Concat: (request) => {
    const parts = all(request)
    const [first] = parts
    const axis = axisOf(request, int(request, 'axis'), first.shape.length)
    const rest = (shape: readonly number[]) => String(shape.map((n, i) => (i === axis ? -1 : n)))
    if (parts.some((part) => rest(part.shape) !== rest(first.shape))) fail(request, `equal shapes but for axis ${axis}`)
    const total = parts.reduce((sum, part) => sum + (part.shape[axis] as number), 0)
    return [{ type: sameType(request, parts), shape: first.shape.map((n, i) => (i === axis ? total : n)) }]
  },
  Split: (request) => {
    const x = input(request, 0)
    const sizes = values(request, 1)
    const axis = axisOf(request, int(request, 'axis', 0), x.shape.length)
    if (sizes.length !== request.outputs || sizes.reduce((a, b) => a + b, 0) !== x.shape[axis])
      fail(request, `${request.outputs} sizes that add up to axis ${axis}, instead of [${sizes.join(', ')}]`)
    return sizes.map((size) => ({ type: x.type, shape: x.shape.map((n, i) => (i === axis ? size : n)) }))
  },
  Slice: (request) => {
    const x = input(request, 0)
    const [starts, ends, axes] = [values(request, 1), values(request, 2), values(request, 3)]
    const shape = [...x.shape]
    axes.forEach((axis, i) => {
      const at = axisOf(request, axis, shape.length)
      const n = x.shape[at] as number
      const [from, to] = [starts[i] ?? -1, ends[i] ?? -1]
      if (from < 0 || to < from || to > n)
        fail(request, `0 <= start <= end <= ${n} on axis ${at}, not ${from} to ${to}`)
      shape[at] = to - from
    })
    return [{ type: x.type, shape }]
  },
  Gather: (request) => {
    const [x, indices] = [input(request, 0), index(request, 1)]
    const axis = axisOf(request, int(request, 'axis', 0), x.shape.length)
    return [{ type: x.type, shape: [...x.shape.slice(0, axis), ...indices.shape, ...x.shape.slice(axis + 1)] }]
  },
  GatherElements: (request) => {
    const [x, indices] = [input(request, 0), index(request, 1)]
    const axis = axisOf(request, int(request, 'axis', 0), x.shape.length)
    if (indices.shape.length !== x.shape.length || indices.shape.some((n, i) => i !== axis && n > (x.shape[i] ?? 0)))
      fail(request, 'indices within the other axes')
    return [{ type: x.type, shape: indices.shape }]
  },
  ScatterElements: (request) => {
    const [x, indices, updates] = [input(request, 0), index(request, 1), input(request, 2)]
    sameType(request, [x, updates])
    if (String(indices.shape) !== String(updates.shape) || indices.shape.length !== x.shape.length)
      fail(request, 'one index for each update')
    return [like(x)]
  },
  /** indices [..., k] name the first k axes; updates [..., the rest]. */
  ScatterND: (request) => {
    const [x, indices, updates] = [input(request, 0), index(request, 1), input(request, 2)]
    sameType(request, [x, updates])
    const wanted = [...indices.shape.slice(0, -1), ...x.shape.slice(indices.shape.at(-1))]
    if (String(updates.shape) !== String(wanted)) fail(request, `updates of [${wanted.join(', ')}]`)
    return [like(x)]
  },
  /** x [..., H], scale [H] -> the normed rows and 1/rms [..., 1]. */
  SimplifiedLayerNormalization: (request) => {
    const x = norm(request, input(request, 0), input(request, 1))
    return [like(x), { type: x.type, shape: [...x.shape.slice(0, -1), 1] }]
  },
  /** x, skip [..., H], scale [H] -> the normed sum, two outputs nobody uses, the sum. */
  SkipSimplifiedLayerNormalization: (request) => {
    const x = norm(request, input(request, 0), input(request, 2))
    if (String(input(request, 1).shape) !== String(x.shape)) fail(request, 'x and skip of one shape')
    const statistic = { type: x.type, shape: [...x.shape.slice(0, -1), 1] }
    return [like(x), statistic, statistic, like(x)]
  },
  /** x [B, T, heads·D] or [B, heads, T, D]; positions [1] (offset) or [B, T]; cosine and sine [positions, D/2]. */
  RotaryEmbedding: (request) => {
    const [x, positions, cosine, sine] = [input(request, 0), index(request, 1), input(request, 2), input(request, 3)]
    const [batch, length] = x.shape.length === 4 ? [x.shape[0], x.shape[2]] : x.shape
    const half = cosine.shape[1] ?? 0
    const width = x.shape.at(-1) ?? 0
    if (x.shape.length !== 3 && x.shape.length !== 4) fail(request, 'rank 3 or 4')
    if (cosine.shape.length !== 2 || String(cosine.shape) !== String(sine.shape)) fail(request, 'equal tables')
    if (x.shape.length === 4 ? width !== 2 * half : half === 0 || width % (2 * half) !== 0)
      fail(request, `heads of ${2 * half}`)
    if (String(positions.shape) !== '1' && String(positions.shape) !== String([batch, length]))
      fail(request, `positions [1] or [${batch}, ${length}]`)
    sameType(request, [x, cosine, sine])
    return [like(x)]
  },
  /** x [..., K] float32; codes uint8 [N, ceil(K/block), block·bits/8]; scales [N·ceil(K/block)]. */
  MatMulNBits: (request) => {
    const [x, codes, scales] = [input(request, 0), input(request, 1), input(request, 2)]
    const [k, n, bits, block] = [int(request, 'K'), int(request, 'N'), int(request, 'bits'), int(request, 'block_size')]
    const blocks = Math.ceil(k / block)
    if (x.shape.at(-1) !== k) fail(request, `rows of ${k}`)
    if (codes.type !== 'uint8' || String(codes.shape) !== String([n, blocks, (block * bits) / 8]))
      fail(request, `codes uint8 [${n}, ${blocks}, ${(block * bits) / 8}]`)
    if (elements(scales.shape) !== n * blocks) fail(request, `${n * blocks} scales`)
    return [{ type: x.type, shape: [...x.shape.slice(0, -1), n] }]
  },
}

function castType(request: NodeRequest): ElementType {
  const to = int(request, 'to')
  return elementTypes.find((type) => typeNumbers[type] === to) ?? fail(request, 'a known element type')
}

function norm(request: NodeRequest, x: Tensor, scale: Tensor): Tensor {
  sameType(request, [x, scale])
  if (scale.shape.length !== 1 || scale.shape[0] !== x.shape.at(-1)) fail(request, 'a scale as wide as the rows')
  return x
}

function like({ type, shape }: Tensor): Made {
  return { type, shape }
}

function swapped(shape: readonly number[]): number[] {
  return [...shape.slice(0, -2), shape.at(-1) as number, shape.at(-2) as number]
}

/** NumPy's broadcasting of two shapes. */
function broadcast(request: NodeRequest, a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1]
    if (m !== n && m !== 1 && n !== 1) fail(request, 'shapes that broadcast')
    return m === 1 ? n : m
  })
}

function sameType(request: NodeRequest, tensors: readonly Tensor[]): ElementType {
  const [first] = tensors
  if (first === undefined || tensors.some(({ type }) => type !== first.type)) fail(request, 'one element type')
  return first.type
}

function axisOf(request: NodeRequest, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(at) || at < 0 || at >= rank) fail(request, `an axis of rank ${rank}, not ${axis}`)
  return at
}

function input(request: NodeRequest, i: number): Tensor {
  return request.inputs[i] ?? fail(request, `input ${i}`)
}

function all(request: NodeRequest): [Tensor, ...Tensor[]] {
  const given = request.inputs.filter((tensor) => tensor !== undefined)
  if (given.length === 0) fail(request, 'an input')
  return given as [Tensor, ...Tensor[]]
}

function index(request: NodeRequest, i: number): Tensor {
  const tensor = input(request, i)
  if (tensor.type !== 'int64' && tensor.type !== 'int32') fail(request, `integers as input ${i}`)
  return tensor
}

function values(request: NodeRequest, i: number): number[] {
  return request.constantOf(input(request, i)) ?? fail(request, `a constant as input ${i}`)
}

function int(request: NodeRequest, name: string, otherwise?: number): number {
  const value = request.attributes[name] ?? otherwise
  return typeof value === 'number' ? value : fail(request, `attribute ${name}`)
}

function ints(request: NodeRequest, name: string): readonly number[] {
  const value = request.attributes[name]
  return typeof value === 'object' ? value : fail(request, `attribute ${name}`)
}

function fail(request: NodeRequest, expected: string): never {
  const got = request.inputs.map((tensor) => (tensor === undefined ? 'nothing' : describe(tensor))).join(', ')
  throw new FedpitError(`Cannot build ${request.op}: expected ${expected}, got ${got}`, {
    family: 'bug',
    code: 'onnx.shape',
  })
}
