/** A topology in a terminal: the figure's circles, in Braille dots, two by four to a character. */
import type { Round } from '../../averaging/schedule.ts'
import { onCircle, type Point } from './circle.ts'
import { panelsOf } from './figure.ts'

/** Characters; a character is half as wide as it is high, so the circle is round. */
const columns = 24
const rows = 12
const gap = 2
/** Beyond this everything is a black disc. */
const most = { peers: 96, panels: 3, edges: 1500 }

/** Lines of text, as many circles side by side as the first rounds differ; undefined where there is too much to draw. */
export function topologyInTerminal(rounds: readonly Round[], n: number): string | undefined {
  const panels = panelsOf(rounds, most.panels)
  if (n < 2 || n > most.peers || panels.length === 0) return undefined
  if (panels.some(({ round }) => round.length > most.edges)) return undefined
  const drawn = panels.map(({ t, round }) => [
    ...circleOf(round, n),
    (panels.length === 1 ? 'every round' : `round ${t + 1} of ${rounds.length}`).padEnd(columns),
  ])
  const lines = Array.from({ length: rows + 1 }, (_, y) => drawn.map((own) => own[y]).join(' '.repeat(gap)))
  return lines.map((line) => line.trimEnd()).join('\n')
}

function circleOf(round: Round, n: number): string[] {
  const size = 2 * columns
  const dots = new Set<number>()
  const points = onCircle(n, (size - 1) / 2, (size - 3) / 2)
  for (const { a, b } of round) {
    for (const [x, y] of line(points[a] as Point, points[b] as Point)) dots.add(y * size + x)
  }
  for (const [x, y] of points) {
    // A peer is a square of four dots, so that those without an edge are seen.
    for (const at of [0, 1, size, size + 1]) dots.add(Math.round(y) * size + Math.round(x) + at)
  }
  return Array.from({ length: rows }, (_, row) =>
    Array.from({ length: columns }, (_, column) => character(dots, size, 2 * column, 4 * row)).join(''),
  )
}

/** Unicode 28xx: bits 0 to 5 are the dots of the upper three rows, column by column, 6 and 7 the lowest row. */
const bits = [
  [0x01, 0x08],
  [0x02, 0x10],
  [0x04, 0x20],
  [0x40, 0x80],
] as const

function character(dots: ReadonlySet<number>, size: number, left: number, top: number): string {
  let code = 0x2800
  for (const [dy, row] of bits.entries()) {
    for (const [dx, bit] of row.entries()) {
      if (dots.has((top + dy) * size + left + dx)) code += bit
    }
  }
  return String.fromCharCode(code)
}

function line([x1, y1]: Point, [x2, y2]: Point): Point[] {
  const steps = Math.max(1, Math.ceil(Math.max(Math.abs(x2 - x1), Math.abs(y2 - y1))))
  return Array.from({ length: steps + 1 }, (_, i) => [
    Math.round(x1 + ((x2 - x1) * i) / steps),
    Math.round(y1 + ((y2 - y1) * i) / steps),
  ])
}
