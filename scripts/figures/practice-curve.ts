/** What practice brought as an SVG that stands alone: the share of a run's own lines that were new and right, by updates. */
import { element, scale, ticks } from '../../src/lab/report/svg.ts'
import type { CurvePoint } from '../pretrain/checkpoint.ts'
import { temperature } from '../pretrain/practice.ts'

const [width, height] = [720, 220]
const inner = { left: 52, right: 16, top: 34, bottom: 44 }
const style = `
text { fill: #5d6b7d; font: 12px system-ui, sans-serif; } line { stroke: #c9d1da; }
polyline { fill: none; stroke: #2563c9; stroke-width: 2; stroke-linejoin: round; }`

type Point = Pick<CurvePoint, 'step' | 'right'>

/** The curve of the last run that practised. */
export function practised(runs: readonly { readonly curve: readonly Point[] }[]): readonly Point[] {
  return runs.findLast(({ curve }) => curve.some(({ right }) => right !== undefined))?.curve ?? []
}

/** Points without a share are left out. */
export function practiceCurve(curve: readonly Point[]): string {
  const points = curve.flatMap(({ step, right }) => (right === undefined ? [] : [{ step, right }]))
  const steps = Math.max(1, ...points.map(({ step }) => step))
  const [left, right, bottom] = [inner.left, width - inner.right, height - inner.bottom]
  const x = scale([0, steps], [left, right])
  const y = scale([0, 1], [bottom, inner.top])
  const levels = ticks(0, 1, 4).flatMap((share) => [
    element('line', { x1: left, x2: right, y1: y(share), y2: y(share) }),
    element('text', { x: left - 8, y: y(share) + 4, 'text-anchor': 'end' }, `${Math.round(100 * share)} %`),
  ])
  const updates = ticks(0, steps, 6).map((step) =>
    element('text', { x: x(step), y: bottom + 18, 'text-anchor': 'middle' }, String(step)),
  )
  const title = `Lines that the model went on with, at temperature ${temperature}: new and right`
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    element('style', {}, style),
    ...levels,
    ...updates,
    element('polyline', {
      points: points.map((point) => `${x(point.step).toFixed(1)},${y(point.right).toFixed(1)}`).join(' '),
    }),
    element('text', { x: left, y: 16 }, `${title}, mean since the point before`),
    element('text', { x: right, y: height - 8, 'text-anchor': 'end' }, 'updates'),
  )}\n`
}
