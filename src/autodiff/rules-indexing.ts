/** Gradients of look-ups: every gradient is added to the place that its value was read from. */
import { axisOf, type GradientRule, zeros } from './rule.ts'

export const indexingRules: Readonly<Record<string, GradientRule>> = {
  Gather: (r) => [
    () => {
      const { op, dy } = r
      const [data, indices] = [r.x(0), r.x(1)]
      const axis = axisOf(r)
      const rows = indices.shape.reduce((product, n) => product * n, 1)
      const flat = [...data.shape.slice(0, axis), rows, ...data.shape.slice(axis + 1)]
      const along = flat.map((n, i) => (i === axis ? n : 1))
      const places = op.expand(op.reshape(indices, along), flat)
      return op.scatterElements(zeros(op, data), places, op.reshape(dy, flat), axis, 'add')
    },
  ],
  GatherElements: (r) => [() => r.op.scatterElements(zeros(r.op, r.x(0)), r.x(1), r.dy, axisOf(r), 'add')],
}
