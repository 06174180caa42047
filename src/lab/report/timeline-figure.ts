/** Who was in which phase when: one bar a peer. */
import type { PeerEvent } from '../../../peers/events.ts'
import { extent } from '../../core/extent.ts'
import { byPeer, spansOf } from '../outcome.ts'
import { element, escapeText, scale, ticks } from './svg.ts'

const width = 1080
const left = 110
const right = 16
/** Many peers get lower rows. */
const rowOf = (peers: number): number => Math.max(6, Math.min(30, Math.floor(1200 / peers)))

export function timelineFigure(events: readonly PeerEvent[]): string {
  const peers = [...byPeer(events)].map(([name, own]) => ({ name, spans: spansOf(own) }))
  const times = peers.flatMap(({ spans }) => spans.flatMap(({ from, to }) => [from, to]))
  if (times.length === 0) return element('p', {}, 'No phases in this run.')
  const { least: begin, most: end } = extent(times)
  const seconds = Math.max((end - begin) / 1000, 0.001)
  const x = scale([0, seconds], [left, width - right])
  const row = rowOf(peers.length)
  const bar = Math.ceil(row * 0.6)
  const height = peers.length * row + 34
  const grid = ticks(0, seconds, 10).map((second) =>
    element(
      'g',
      { class: 'grid' },
      element('line', { x1: x(second), x2: x(second), y1: 4, y2: height - 26 }),
      element('text', { x: x(second), y: height - 8, 'text-anchor': 'middle' }, `${second} s`),
    ),
  )
  const rows = peers.map(({ name, spans }, i) => {
    const top = i * row + 8
    const unit = spans.some(({ phase }) => phase === 'exchanging') ? 'update' : 'round'
    const bars = spans.map(({ phase, round, from, to }) => {
      const at = x((from - begin) / 1000)
      const until = x((to - begin) / 1000)
      const text = `${name}: ${phase}, ${unit} ${round}, ${((to - from) / 1000).toFixed(1)} s`
      return element(
        'rect',
        { class: `phase ${phase}`, x: at, y: top, width: Math.max(until - at, 0.5), height: bar, rx: 2 },
        element('title', {}, escapeText(text)),
      )
    })
    const label = element('text', { class: 'name', x: left - 10, y: top + 13, 'text-anchor': 'end' }, escapeText(name))
    return (row < 16 ? '' : label) + bars.join('')
  })
  const size = { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': 'Phases of the peers over time' }
  return element('svg', { ...size, class: 'timeline' }, ...grid, ...rows)
}
