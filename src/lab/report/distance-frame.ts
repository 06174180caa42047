/** What figures of distances have in common: a logarithmic scale from above, and a line at each power of ten. */
import { extent } from '../../core/extent.ts'
import { element, scale, ticks } from './svg.ts'

const width = 1080
const height = 300
const inner = { left: 70, right: width - 16, top: 10, bottom: height - 28 }
/** What is nearer than this is drawn here: half a unit of the fixed point. */
const floor = 2 ** -21

export interface DistanceFrame {
  /** Pixels from the left of a place between 0 and `end`. */
  x(place: number): number
  /** Pixels from the top of a distance. */
  y(distance: number): number
  /** The figure, with these lines and points in it. */
  draw(...inside: string[]): string
}

/** `distances`: all that will be drawn; `steps` and `word`: the labels from 0 to `end` below; `label`: the figure in words. */
export function distanceFrame(
  distances: readonly number[],
  end: number,
  { steps, word, label }: { readonly steps: number; word(place: number): string; readonly label: string },
): DistanceFrame {
  const power = (value: number): number => Math.log10(Math.max(value, floor))
  const { least, most } = extent(distances.map(power))
  const low = Math.floor(least)
  const high = Math.max(Math.ceil(most), low + 1)
  const x = scale([0, end], [inner.left, inner.right])
  const down = scale([high, low], [inner.top, inner.bottom])
  const grid = Array.from({ length: high - low + 1 }, (_, i) => low + i).map((exponent) =>
    element(
      'g',
      { class: 'grid' },
      element('line', { x1: inner.left, x2: inner.right, y1: down(exponent), y2: down(exponent) }),
      element('text', { x: inner.left - 8, y: down(exponent) + 4, 'text-anchor': 'end' }, `1e${exponent}`),
    ),
  )
  const labels = ticks(0, end, steps).map((place) =>
    element('text', { x: x(place), y: height - 8, 'text-anchor': 'middle' }, word(place)),
  )
  const size = { viewBox: `0 0 ${width} ${height}`, role: 'img', 'aria-label': label }
  return {
    x,
    y: (distance) => down(power(distance)),
    draw: (...inside) => element('svg', size, ...grid, ...labels, ...inside),
  }
}
