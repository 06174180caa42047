/**
 * `npm run experiment:anchors [-- --table a|b|c|e] [--sizes 8,16] [--seeds 16] [--format json]`: how fast the topologies
 * bring peers together, beside figures computed elsewhere: if nothing fails (a), with a third of the peers offline in
 * each round (b), with peers that come and go and commits that are late (c), and how far apart they are after a session
 * while session follows on session (e). Table d, one session in which peers die for good, is not compared. Exits with 1
 * where a target is missed by more than scatter, or a sum moves.
 */
import { parseArgs } from 'node:util'
import { inputError } from '../src/core/errors.ts'
import { align } from '../src/lab/table.ts'
import { type Cell, compare } from './experiments/anchors/compare.ts'
import { sizes as allSizes, type Table, tables } from './experiments/anchors/figures.ts'
import { runRow } from './experiments/anchors/runs.ts'
import { reportFailures } from './report-failures.ts'
import { wholeNumber } from './whole-number.ts'

reportFailures()
const { values } = parseArgs({
  options: {
    table: { type: 'string' },
    sizes: { type: 'string', default: allSizes.join(',') },
    seeds: { type: 'string', default: '16' },
    format: { type: 'string', default: 'text' },
  },
})
const seeds = wholeNumber('--seeds', values.seeds)
const sizes = values.sizes.split(',').map((text) => wholeNumber('--sizes', text))
if (sizes.includes(1)) throw inputError('usage.sizes', 'Cannot use --sizes 1: expected at least 2 peers')
const keys = values.table === undefined ? Object.keys(tables) : [values.table]

interface Line {
  readonly topology: string
  readonly over: string
  readonly figure: string
  readonly target: string | null
  readonly cells: readonly (Cell & { readonly peers: number })[]
}

interface Outcome {
  readonly table: string
  readonly says: string
  readonly lines: readonly Line[]
  /** Of the sum over all peers, in units of the fixed point; null where nothing fails. */
  readonly drift: number | null
}

function outcomeOf(table: string, anchors: Table): Outcome {
  let drift: number | null = null
  const lines = anchors.rows.flatMap((row) => {
    const cells = sizes.map((n) => {
      process.stderr.write(`${table}: ${row.name}, ${n} peers, ${seeds} seeds\n`)
      const runs = runRow(row, anchors, n, seeds)
      if (runs.drift !== undefined) drift = Math.max(drift ?? 0, runs.drift)
      const known = row.cells[allSizes.indexOf(n)]?.split('/') ?? []
      return runs.figures.map((figure, i) => ({ peers: n, ...compare(figure, known[i], row.target) }))
    })
    const shown = anchors.figures.map(({ label }, i) => ({
      topology: row.name,
      over: row.form,
      figure: label,
      target: row.target ?? null,
      cells: cells.flatMap((figures) => figures[i] ?? []),
    }))
    return row.loop === undefined ? shown : shown.filter((line) => line.cells.some(({ notes }) => notes !== null))
  })
  return { table, says: anchors.says, lines, drift }
}

const short = (value: number | null): string => {
  if (value === null) return '-'
  return value < 1 ? value.toExponential(1) : String(Math.round(value * 10) / 10)
}

function text({ says, lines, drift }: Outcome): string {
  const head = ['topology', 'over', 'figure', ...sizes.map((n) => `n = ${n}`), 'target', 'verdict']
  const rows = lines.map(({ topology, over, figure, target, cells }) => [
    topology,
    over,
    figure,
    ...cells.map(({ ours, notes, ratio, reached, runs, notesPartly }) => {
      const mean = `${short(ours)}${ours !== null && reached < runs ? '*' : ''}`
      return `${mean} | ${short(notes)}${notesPartly ? '*' : ''} | ${ratio?.toFixed(2) ?? '-'}`
    }),
    target ?? '-',
    verdictOf(cells),
  ])
  const sums =
    drift === null ? [] : [drift === 0 ? 'Bias 0: no sum moved by a unit.' : `A sum MOVED by ${drift} units.`]
  return [says, align([head, ...rows]), ...sums].join('\n\n')
}

function verdictOf(cells: Line['cells']): string {
  const at = (verdict: Cell['verdict']) => cells.filter((cell) => cell.verdict === verdict).map(({ peers }) => peers)
  const [missed, scatter] = [at('missed'), at('scatter')]
  const parts = [
    ...(missed.length > 0 ? [`MISSED at ${missed.join(', ')}`] : []),
    ...(scatter.length > 0 ? [`missed within scatter at ${scatter.join(', ')}`] : []),
  ]
  if (parts.length > 0) return parts.join('; ')
  return at('met').length > 0 ? 'met' : '-'
}

const chosen = keys.map((key): [string, Table] => {
  const table = tables[key]
  if (table !== undefined) return [key, table]
  throw inputError('usage.table', `Cannot use --table ${key}: expected one of ${Object.keys(tables).join(', ')}`)
})
const outcomes = chosen.map(([key, table]) => outcomeOf(key, table))
const legend =
  'Ours, a mean over the seeds | the anchor | ratio. *: not all seeds got there. Anchors: computed by simulation, unpublished.'
process.stdout.write(
  values.format === 'json'
    ? `${JSON.stringify({ seeds, sizes, anchors: 'computed by simulation, unpublished', tables: outcomes }, undefined, 2)}\n`
    : `${[...outcomes.map(text), legend].join('\n\n')}\n`,
)
const good = outcomes.every(
  ({ drift, lines }) =>
    (drift ?? 0) === 0 && lines.every(({ cells }) => cells.every(({ verdict }) => verdict !== 'missed')),
)
if (!good) process.exitCode = 1
