/** Without rounds: distance of the peers to their mean, and to the optimum, over time on a logarithmic scale. */
import type { Sample } from '../simulation/asynchronous.ts'
import { distanceFrame } from './distance-frame.ts'
import { element } from './svg.ts'

export function asynchronousFigure(samples: readonly Sample[]): string {
  if (samples.length === 0) return element('p', {}, 'Nobody mixed in this run.')
  const optimum = samples.flatMap(({ at, toOptimum }) =>
    toOptimum === undefined ? [] : [[at, toOptimum.peers] as const],
  )
  const lines = [
    ['global', samples.map(({ at, consensus }) => [at, consensus] as const)],
    ['local', optimum],
  ] as const
  const distances = lines.flatMap(([, points]) => points.map(([, value]) => value))
  const { x, y, draw } = distanceFrame(distances, samples.at(-1)?.at ?? 1, {
    steps: 10,
    word: (second) => `${second} s`,
    label: 'Distance of the peers to their mean and to the optimum over time',
  })
  const curves = lines.map(([name, points]) =>
    element('polyline', { class: name, points: points.map(([at, value]) => `${x(at)},${y(value)}`).join(' ') }),
  )
  return draw(...curves)
}
