/** Gradients of ops that only move numbers. */
import { axisOf, constantOf, type GradientRule, unbroadcast, zeros } from './rule.ts'

const back: GradientRule = (r) => [() => r.op.reshape(r.dy, r.x(0).shape)]

export const shapeRules: Readonly<Record<string, GradientRule>> = {
  Reshape: back,
  Unsqueeze: back,
  Squeeze: back,
  Expand: (r) => [() => unbroadcast(r.op, r.dy, r.x(0).shape)],
  Transpose: (r) => [
    () => {
      const order = r.node.attributes['perm'] as readonly number[]
      return r.op.transpose(
        r.dy,
        order.map((_, axis) => order.indexOf(axis)),
      )
    },
  ],
  Concat: (r) => {
    const axis = axisOf(r)
    let start = 0
    return r.node.inputs.map((_, i) => {
      const [from, to] = [start, start + (r.x(i).shape[axis] as number)]
      start = to
      return () => r.op.slice(r.dy, axis, from, to)
    })
  },
  Split: (r) => [
    () =>
      r.op.concat(
        r.gradients.map((gradient, i) => gradient ?? zeros(r.op, r.y(i))),
        axisOf(r),
      ),
  ],
  Slice: (r) => [
    () => {
      const [starts, ends, axes] = [constantOf(r, 1), constantOf(r, 2), constantOf(r, 3)]
      return axes.reduce((inner, axis, i) => {
        const n = r.x(0).shape.at(axis) as number
        const pad = (size: number) =>
          size === 0
            ? []
            : [
                zeros(r.op, {
                  type: inner.type,
                  shape: inner.shape.map((m, at) =>
                    at === (axis + inner.shape.length) % inner.shape.length ? size : m,
                  ),
                }),
              ]
        return r.op.concat([...pad(starts[i] as number), inner, ...pad(n - (ends[i] as number))], axis)
      }, r.dy)
    },
  ],
}
