/** Distance of the peers to their true mean, mixing round by mixing round, on a logarithmic scale: one line a session. */
import type { SessionFigures } from '../simulation/sessions.ts'
import { element, escapeText, scale, ticks } from './svg.ts'

const width = 1080
const height = 300
const inner = { left: 70, right: width - 16, top: 10, bottom: height - 28 }
/** What is nearer than this is drawn here: half a unit of the fixed point. */
const floor = 2 ** -21

export function consensusFigure(sessions: readonly SessionFigures[]): string {
  if (sessions.length === 0) return element('p', {}, 'Nobody averaged in this run.')
  const power = (value: number): number => Math.log10(Math.max(value, floor))
  const powers = sessions.flatMap(({ consensus, error }) => [...consensus, error].map(power))
  const low = Math.floor(Math.min(...powers))
  const high = Math.max(Math.ceil(Math.max(...powers)), low + 1)
  const rounds = Math.max(...sessions.map(({ round }) => round))
  const x = scale([0, rounds], [inner.left, inner.right])
  const y = scale([high, low], [inner.top, inner.bottom])
  const lines = Array.from({ length: high - low + 1 }, (_, i) => low + i).map((exponent) =>
    element(
      'g',
      { class: 'grid' },
      element('line', { x1: inner.left, x2: inner.right, y1: y(exponent), y2: y(exponent) }),
      element('text', { x: inner.left - 8, y: y(exponent) + 4, 'text-anchor': 'end' }, `1e${exponent}`),
    ),
  )
  const labels = ticks(0, rounds, Math.min(rounds, 20)).map((round) =>
    element('text', { x: x(round), y: height - 8, 'text-anchor': 'middle' }, String(round)),
  )
  const curves = sessions.map(({ round, consensus, error, members }) => {
    const at = (i: number): number => x(round - 1 + i / consensus.length)
    const points = consensus.map((value, i) => `${at(i)},${y(power(value))}`).join(' ')
    const told = `Round ${round}, ${members} members: ${error.toExponential(2)} from the true mean at the end`
    const end = { class: 'local', cx: x(round), cy: y(power(error)), r: 3.5 }
    return (
      element('polyline', { class: 'global', points }) + element('circle', end, element('title', {}, escapeText(told)))
    )
  })
  const label = 'Distance of the peers to their true mean by round'
  const size = { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label }
  return element('svg', size, ...lines, ...labels, ...curves)
}
