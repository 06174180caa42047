/** The curve of pre-training as an SVG that stands alone: training and held-out loss by tokens, run after run, and stages. */
import { element, scale, ticks } from '../../src/lab/report/svg.ts'
import { tokensAfter } from '../../src/training/packed-text.ts'
import type { runDocument } from '../pretrain/run-document.ts'

export type CurveRun = Pick<ReturnType<typeof runDocument>, 'stages' | 'tokens' | 'curve'>

const [width, height] = [720, 340]
const inner = { left: 52, right: 16, top: 34, bottom: 44 }
const style = `
text { fill: #5d6b7d; font: 12px system-ui, sans-serif; } line { stroke: #c9d1da; } .stage { stroke-dasharray: 3 4; }
polyline { fill: none; stroke-width: 2; stroke-linejoin: round; }
.training { stroke: #2563c9; } .heldOut { stroke: #c2571a; } text.training { fill: #2563c9; stroke: none; } text.heldOut { fill: #c2571a; stroke: none; }`

/** At most, of a small letter at 12 px. */
const characterWidth = 6.5

/** Ticks are multiples that need not be exact. */
const label = (value: number): string => String(Number(value.toFixed(6)))

export function trainingCurve(runs: readonly CurveRun[]): string {
  const { stages, tokens, curve } = joined(runs)
  const most = Math.max(...curve.flatMap(({ loss, heldOut }) => [loss, heldOut]))
  const x = scale([0, tokens], [inner.left, width - inner.right])
  const y = scale([0, most * 1.05], [height - inner.bottom, inner.top])
  const [left, right, bottom] = [inner.left, width - inner.right, height - inner.bottom]
  const levels = ticks(0, most * 1.05, 5).flatMap((loss) => [
    element('line', { x1: left, x2: right, y1: y(loss), y2: y(loss) }),
    element('text', { x: left - 8, y: y(loss) + 4, 'text-anchor': 'end' }, label(loss)),
  ])
  const millions = ticks(0, tokens / 1e6, 6).map((value) =>
    element('text', { x: x(value * 1e6), y: bottom + 18, 'text-anchor': 'middle' }, label(value)),
  )
  const rowFor = createRows(3)
  const borders = stages.flatMap((stage, i) => {
    const before = stages.slice(0, i).reduce((sum, stage) => sum + stage.updates, 0)
    const from = tokensAfter(stages, before)
    if (from >= tokens) return []
    const name = nameOf(stage)
    // A stage that begins near the end has its name to the left of its border.
    const at = Math.min(x(from) + 4, right - characterWidth * name.length)
    const last = stages[i - 1]
    const row = last !== undefined && nameOf(last) === name ? undefined : rowFor(at, name)
    return [
      element('line', { class: 'stage', x1: x(from), x2: x(from), y1: inner.top, y2: bottom }),
      ...(row === undefined ? [] : [element('text', { x: at, y: inner.top + 12 + 14 * row }, name)]),
    ]
  })
  const line = (name: 'training' | 'heldOut', value: (point: CurveRun['curve'][number]) => number): string =>
    element('polyline', {
      class: name,
      points: curve.map((point) => `${x(point.tokens).toFixed(1)},${y(value(point)).toFixed(1)}`).join(' '),
    })
  return `${element(
    'svg',
    {
      xmlns: 'http://www.w3.org/2000/svg',
      viewBox: `0 0 ${width} ${height}`,
      role: 'img',
      'aria-label': 'Training and held-out loss by tokens',
    },
    element('style', {}, style),
    ...levels,
    ...millions,
    ...borders,
    line('training', ({ loss }) => loss),
    line('heldOut', ({ heldOut }) => heldOut),
    element('text', { class: 'training', x: left, y: 16 }, 'training, mean since the point before'),
    element('text', { class: 'heldOut', x: left + 250, y: 16 }, 'families, trades and words never seen'),
    element('text', { x: right, y: height - 8, 'text-anchor': 'end' }, 'million tokens; loss in nats a weighted token'),
  )}\n`
}

function nameOf({ lesson, practice }: CurveRun['stages'][number]): string {
  return practice === undefined ? lesson : 'practice'
}

/** Short stages stand close together: the first of some rows that has room for a name there; undefined where none has. */
function createRows(count: number): (at: number, name: string) => number | undefined {
  const ends = new Array<number>(count).fill(0)
  return (at, name) => {
    const row = ends.findIndex((end) => end <= at)
    if (row < 0) return undefined
    ends[row] = at + characterWidth * (name.length + 1)
    return row
  }
}

/** One after another, as if they were one. */
function joined(runs: readonly CurveRun[]): CurveRun {
  let tokens = 0
  const curve = runs.flatMap((run) => {
    const before = tokens
    tokens += run.tokens
    return run.curve.map((point) => ({ ...point, tokens: before + point.tokens }))
  })
  return { stages: runs.flatMap(({ stages }) => stages), tokens, curve }
}
