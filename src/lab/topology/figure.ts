/** A topology as an SVG: the peers on a circle, a panel for each round that differs from the one before. */
import type { Round } from '../../averaging/schedule.ts'
import { element, escapeText } from '../report/svg.ts'
import { onCircle, type Point } from './circle.ts'

const panel = 260
const margin = 26
const caption = 24
const perRow = 4

/** More are no drawing any more. */
const most = { peers: 512, panels: 12, edges: 20_000 }

/** Rounds to draw: a graph that stays is drawn once. */
export function panelsOf(rounds: readonly Round[], count: number): { readonly t: number; readonly round: Round }[] {
  return rounds.map((round, t) => ({ t, round })).filter(({ t, round }) => t < count && round !== rounds[t - 1])
}

/** Undefined where there is too much to be drawn. */
export function topologyFigure(title: string, rounds: readonly Round[], n: number): string | undefined {
  const panels = panelsOf(rounds, most.panels)
  const edges = panels.reduce((sum, { round }) => sum + round.length, 0)
  if (n > most.peers || edges > most.edges) return undefined
  const columns = Math.min(perRow, Math.max(1, panels.length))
  const width = columns * panel
  const height = Math.max(1, Math.ceil(panels.length / columns)) * (panel + caption)
  const drawn = panels.map(({ t, round }, i) => {
    const move = `translate(${(i % columns) * panel} ${Math.floor(i / columns) * (panel + caption)})`
    const label = panels.length === 1 ? title : `round ${t + 1}`
    const text = element('text', { x: panel / 2, y: panel + 8, 'text-anchor': 'middle' }, escapeText(label))
    return element('g', { transform: move }, circleOf(round, n), text)
  })
  return `${element(
    'svg',
    { xmlns: 'http://www.w3.org/2000/svg', viewBox: `0 0 ${width} ${height}`, width, height, role: 'img' },
    element('title', {}, escapeText(title)),
    element('style', {}, style),
    element('rect', { width, height, class: 'paper' }),
    ...drawn,
  )}\n`
}

const style =
  '.paper{fill:#fff}line{stroke:#2563eb}circle{fill:#111}text{font:12px system-ui,sans-serif;fill:#444}' +
  '.peer{font-size:10px}'

function circleOf(round: Round, n: number): string {
  const [middle, radius] = [panel / 2, panel / 2 - margin]
  const points = onCircle(n, middle, radius)
  const lines = round.map(({ a, b, num, den }) => {
    const [[x1, y1], [x2, y2]] = [points[a] as Point, points[b] as Point]
    const weight = num / den
    return element(
      'line',
      { x1, y1, x2, y2, 'stroke-width': 0.4 + 2.6 * weight, 'stroke-opacity': 0.25 + 0.75 * weight },
      element('title', {}, `${a} - ${b}: ${num}/${den}`),
    )
  })
  const dots = points.map(([cx, cy]) => element('circle', { cx, cy, r: n > 64 ? 1.5 : 3 }))
  const names = n > 48 ? [] : onCircle(n, middle, radius + 13).map(([x, y], i) => peerName(x, y, i))
  return [...lines, ...dots, ...names].join('')
}

function peerName(x: number, y: number, peer: number): string {
  return element('text', { class: 'peer', x, y: y + 3.5, 'text-anchor': 'middle' }, String(peer))
}
