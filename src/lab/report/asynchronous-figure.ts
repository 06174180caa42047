/** Without rounds: distance of the peers to their mean, and to the optimum, over time on a logarithmic scale. */
import type { Sample } from '../simulation/asynchronous.ts'
import { element, scale, ticks } from './svg.ts'

const width = 1080
const height = 300
const inner = { left: 70, right: width - 16, top: 10, bottom: height - 28 }
/** What is nearer than this is drawn here: half a unit of the fixed point. */
const floor = 2 ** -21

export function asynchronousFigure(samples: readonly Sample[]): string {
  if (samples.length === 0) return element('p', {}, 'Nobody mixed in this run.')
  const power = (value: number): number => Math.log10(Math.max(value, floor))
  const optimum = samples.flatMap(({ at, toOptimum }) =>
    toOptimum === undefined ? [] : [[at, toOptimum.peers] as const],
  )
  const lines = [
    ['global', samples.map(({ at, consensus }) => [at, consensus] as const)],
    ['local', optimum],
  ] as const
  const powers = lines.flatMap(([, points]) => points.map(([, value]) => power(value)))
  const low = Math.floor(Math.min(...powers))
  const high = Math.max(Math.ceil(Math.max(...powers)), low + 1)
  const end = samples.at(-1)?.at ?? 1
  const x = scale([0, end], [inner.left, inner.right])
  const y = scale([high, low], [inner.top, inner.bottom])
  const grid = Array.from({ length: high - low + 1 }, (_, i) => low + i).map((exponent) =>
    element(
      'g',
      { class: 'grid' },
      element('line', { x1: inner.left, x2: inner.right, y1: y(exponent), y2: y(exponent) }),
      element('text', { x: inner.left - 8, y: y(exponent) + 4, 'text-anchor': 'end' }, `1e${exponent}`),
    ),
  )
  const labels = ticks(0, end, 10).map((second) =>
    element('text', { x: x(second), y: height - 8, 'text-anchor': 'middle' }, `${second} s`),
  )
  const curves = lines.map(([name, points]) =>
    element('polyline', { class: name, points: points.map(([at, value]) => `${x(at)},${y(power(value))}`).join(' ') }),
  )
  const label = 'Distance of the peers to their mean and to the optimum over time'
  return element(
    'svg',
    { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label },
    ...grid,
    ...labels,
    ...curves,
  )
}
