/** Distance of the peers to their true mean, mixing round by mixing round, on a logarithmic scale: one line a session. */
import { extent } from '../../core/extent.ts'
import type { SessionFigures } from '../simulation/sessions.ts'
import { distanceFrame } from './distance-frame.ts'
import { element, escapeText } from './svg.ts'

export function consensusFigure(sessions: readonly SessionFigures[]): string {
  if (sessions.length === 0) return element('p', {}, 'Nobody averaged in this run.')
  const rounds = extent(sessions.map(({ round }) => round)).most
  const distances = sessions.flatMap(({ consensus, error }) => [...consensus, error])
  const { x, y, draw } = distanceFrame(distances, rounds, {
    steps: Math.min(rounds, 20),
    word: String,
    label: 'Distance of the peers to their true mean by round',
  })
  const curves = sessions.map(({ round, consensus, error, members }) => {
    const at = (i: number): number => x(round - 1 + i / consensus.length)
    const points = consensus.map((value, i) => `${at(i)},${y(value)}`).join(' ')
    const told = `Round ${round}, ${members} members: ${error.toExponential(2)} from the true mean at the end`
    const end = { class: 'local', cx: x(round), cy: y(error), r: 3.5 }
    return (
      element('polyline', { class: 'global', points }) + element('circle', end, element('title', {}, escapeText(told)))
    )
  })
  return draw(...curves)
}
