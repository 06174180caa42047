/** What practice brought as an SVG that stands alone: the share of what a model wrote itself that was right, by updates. */
import { element, scale, ticks } from '../../src/lab/report/svg.ts'
import type { CurvePoint } from '../pretrain/checkpoint.ts'
import { temperature } from '../pretrain/practice.ts'

const [width, height] = [720, 220]
const inner = { left: 52, right: 16, top: 34, bottom: 44 }
const style = `
text { fill: #5d6b7d; font: 12px system-ui, sans-serif; } line { stroke: #c9d1da; }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
polyline.lists { stroke: #2563c9; } text.lists { fill: #2563c9; }
polyline.answers { stroke: #b45309; } text.answers { fill: #b45309; }`

type Point = Pick<CurvePoint, 'step' | 'right' | 'answered'>

/** The curves of the runs that practised, each behind the one before. */
export function practised(runs: readonly { readonly updates: number; readonly curve: readonly Point[] }[]): Point[][] {
  let before = 0
  return runs.flatMap(({ updates, curve }) => {
    if (curve.every(({ right }) => right === undefined)) return []
    const points = curve.map((point) => ({ ...point, step: before + point.step }))
    before += updates
    return [points]
  })
}

/** Points without a share are left out. */
export function practiceCurve(curves: readonly (readonly Point[])[]): string {
  const sharesOf = (share: 'right' | 'answered') =>
    curves.map((curve) => curve.flatMap(({ step, [share]: value }) => (value === undefined ? [] : [{ step, value }])))
  const [lists, answers] = [sharesOf('right'), sharesOf('answered')]
  const steps = Math.max(1, ...[...lists, ...answers].flat().map(({ step }) => step))
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
  const title = `What the model wrote itself, at temperature ${temperature}: the share that was right`
  const drawn = (name: string, lines: typeof lists) =>
    lines
      .filter(({ length }) => length > 0)
      .map((line) =>
        element('polyline', {
          class: name,
          points: line.map(({ step, value }) => `${x(step).toFixed(1)},${y(value).toFixed(1)}`).join(' '),
        }),
      )
  const named = (name: string, line: (typeof lists)[number] | undefined, below: number) => {
    const last = line?.at(-1)
    if (last === undefined) return []
    return [element('text', { x: x(last.step), y: y(last.value) + below, 'text-anchor': 'end', class: name }, name)]
  }
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': title },
    element('style', {}, style),
    ...levels,
    ...updates,
    ...drawn('lists', lists),
    ...drawn('answers', answers),
    ...named('lists', lists.at(-1), 20),
    ...named('answers', answers.at(-1), -12),
    element('text', { x: left, y: 16 }, `${title}, mean since the point before`),
    element('text', { x: right, y: height - 8, 'text-anchor': 'end' }, 'updates'),
  )}\n`
}
