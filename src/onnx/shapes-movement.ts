/** Shapes of ops that only move numbers. */
import {
  all,
  axisOf,
  broadcast,
  fail,
  index,
  input,
  int,
  ints,
  like,
  type ShapeRule,
  sameType,
  values,
} from './shape-request.ts'
import { elements } from './tensor.ts'

export const movementShapes: Readonly<Record<string, ShapeRule>> = {
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
}
