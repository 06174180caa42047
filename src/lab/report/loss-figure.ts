/** Held-out loss by round: one small chart a peer, on one common axis. */
import { extent } from '../../core/extent.ts'
import type { AdapterName, PeerOutcome } from '../outcome.ts'
import { element, escapeText, scale, ticks } from './svg.ts'

const width = 260
const height = 190
const inner = { left: 44, right: 12, top: 26, bottom: 30 }
/** Of a number under the chart. */
const letterWidth = 6
const lines: readonly AdapterName[] = ['base', 'global', 'local']

export function lossFigure(outcomes: readonly PeerOutcome[]): string {
  const losses = outcomes.flatMap(({ history }) => history.map(({ loss }) => loss)).filter(Number.isFinite)
  if (losses.length === 0) return element('p', {}, 'No evaluation in this run.')
  const { least, most } = extent(losses)
  const spread = most - least || 1
  const domain = [least - spread * 0.06, most + spread * 0.06] as const
  const rounds = Math.max(1, extent(outcomes.flatMap(({ history }) => history.map(({ round }) => round))).most)
  return outcomes.map((outcome) => chart(outcome, domain, rounds)).join('')
}

function chart(
  { name, history, asynchronous }: PeerOutcome,
  domain: readonly [number, number],
  rounds: number,
): string {
  const unit = asynchronous === undefined ? 'round' : 'update'
  const x = scale([0, rounds], [inner.left, width - inner.right])
  const y = scale(domain, [height - inner.bottom, inner.top])
  const grid = ticks(domain[0], domain[1], 4).map((loss) =>
    element(
      'g',
      { class: 'grid' },
      element('line', { x1: inner.left, x2: width - inner.right, y1: y(loss), y2: y(loss) }),
      element('text', { x: inner.left - 6, y: y(loss) + 4, 'text-anchor': 'end' }, loss.toFixed(2)),
    ),
  )
  const label = (round: number, anchor: 'middle' | 'end', text: string) =>
    element('text', { class: 'tick', x: x(round), y: height - 12, 'text-anchor': anchor }, text)
  const last = `${unit} ${rounds}`
  const free = x(rounds) - letterWidth * (last.length + 3)
  const numbered = ticks(0, rounds, 5).filter((at) => Number.isInteger(at) && x(at) < free)
  const axis = [...numbered.map((at) => label(at, 'middle', `${at}`)), label(rounds, 'end', last)]
  // So small that they do not hide the line where there are hundreds.
  const dot = Math.min(3.2, Math.max(0.6, 0.3 * (x(1) - x(0))))
  const base = history.find(({ adapter }) => adapter === 'base')
  const curves = lines.map((adapter) => {
    const values = history.filter((entry) => entry.adapter === adapter)
    if (adapter === 'base') {
      const [first] = values
      if (first === undefined) return ''
      return element('line', { class: 'base', x1: x(0), x2: x(rounds), y1: y(first.loss), y2: y(first.loss) })
    }
    // Both adapters start as the base model: B is zero.
    const start = base === undefined ? [] : [[x(0), y(base.loss)]]
    const points = [...start, ...values.map(({ round, loss }) => [x(round), y(loss)])]
    const dots = values.map(({ round, loss }) =>
      element(
        'circle',
        { class: adapter, cx: x(round), cy: y(loss), r: dot },
        element('title', {}, escapeText(`${name}, ${adapter} adapter, ${unit} ${round}: ${loss.toFixed(4)}`)),
      ),
    )
    return (
      element('polyline', { class: adapter, points: points.map((point) => point.join(',')).join(' ') }) + dots.join('')
    )
  })
  const title = element('text', { class: 'title', x: inner.left, y: 15 }, escapeText(name))
  const says = `Held-out loss of ${name} by ${unit}`
  const size = { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': says, class: 'chart' }
  return element('svg', size, title, ...grid, ...axis, ...curves)
}
