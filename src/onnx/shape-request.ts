/** What a shape rule is, and how rules look at the node they judge. */
import { FedpitError } from '../core/errors.ts'
import { describe, type ElementType, elementTypes, type Tensor, typeNumbers } from './tensor.ts'

export interface NodeRequest {
  readonly op: string
  readonly inputs: readonly (Tensor | undefined)[]
  readonly attributes: Readonly<Record<string, number | string | readonly number[]>>
  readonly outputs: number
  /** The numbers of a constant input. */
  constantOf(tensor: Tensor): number[] | undefined
}
export type Made = Pick<Tensor, 'type' | 'shape'>
export type ShapeRule = (request: NodeRequest) => Made[]

export function castType(request: NodeRequest): ElementType {
  const to = int(request, 'to')
  return elementTypes.find((type) => typeNumbers[type] === to) ?? fail(request, 'a known element type')
}

export function norm(request: NodeRequest, x: Tensor, scale: Tensor): Tensor {
  sameType(request, [x, scale])
  if (scale.shape.length !== 1 || scale.shape[0] !== x.shape.at(-1)) fail(request, 'a scale as wide as the rows')
  return x
}

export function like({ type, shape }: Tensor): Made {
  return { type, shape }
}

export function swapped(shape: readonly number[]): number[] {
  return [...shape.slice(0, -2), shape.at(-1) as number, shape.at(-2) as number]
}

/** NumPy's broadcasting of two shapes. */
export function broadcast(request: NodeRequest, a: readonly number[], b: readonly number[]): readonly number[] {
  const rank = Math.max(a.length, b.length)
  return Array.from({ length: rank }, (_, i) => {
    const [m, n] = [a[a.length - rank + i] ?? 1, b[b.length - rank + i] ?? 1]
    if (m !== n && m !== 1 && n !== 1) fail(request, 'shapes that broadcast')
    return m === 1 ? n : m
  })
}

export function sameType(request: NodeRequest, tensors: readonly Tensor[]): ElementType {
  const [first] = tensors
  if (first === undefined || tensors.some(({ type }) => type !== first.type)) fail(request, 'one element type')
  return first.type
}

export function axisOf(request: NodeRequest, axis: number, rank: number): number {
  const at = axis < 0 ? axis + rank : axis
  if (!Number.isInteger(at) || at < 0 || at >= rank) fail(request, `an axis of rank ${rank}, not ${axis}`)
  return at
}

export function input(request: NodeRequest, i: number): Tensor {
  return request.inputs[i] ?? fail(request, `input ${i}`)
}

export function all(request: NodeRequest): [Tensor, ...Tensor[]] {
  const given = request.inputs.filter((tensor) => tensor !== undefined)
  if (given.length === 0) fail(request, 'an input')
  return given as [Tensor, ...Tensor[]]
}

export function index(request: NodeRequest, i: number): Tensor {
  const tensor = input(request, i)
  if (tensor.type !== 'int64' && tensor.type !== 'int32') fail(request, `integers as input ${i}`)
  return tensor
}

export function values(request: NodeRequest, i: number): number[] {
  return request.constantOf(input(request, i)) ?? fail(request, `a constant as input ${i}`)
}

export function int(request: NodeRequest, name: string, otherwise?: number): number {
  const value = request.attributes[name] ?? otherwise
  return typeof value === 'number' ? value : fail(request, `attribute ${name}`)
}

export function ints(request: NodeRequest, name: string): readonly number[] {
  const value = request.attributes[name]
  return typeof value === 'object' ? value : fail(request, `attribute ${name}`)
}

export function fail(request: NodeRequest, expected: string): never {
  const got = request.inputs.map((tensor) => (tensor === undefined ? 'nothing' : describe(tensor))).join(', ')
  throw new FedpitError(`Cannot build ${request.op}: expected ${expected}, got ${got}`, {
    family: 'bug',
    code: 'onnx.shape',
  })
}
