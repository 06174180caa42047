/** A figure of ours beside the anchor's: the ratio, and whether the target is met. */
import type { Target } from './figures.ts'

/** What the anchors of tables B and C are means of. */
const anchorRuns = 8
const allowance = 1.1
/** Standard deviations that one draw may lie off: of the thirty that are compared one lies three off (docs/log.md). */
const drawn = 4

export interface Cell {
  /** Mean over the runs that got there; null where none did. */
  readonly ours: number | null
  readonly least: number | null
  readonly most: number | null
  /** Between runs. */
  readonly deviation: number | null
  readonly reached: number
  readonly runs: number
  readonly notes: number | null
  /** Not all of the anchor's runs got there. */
  readonly notesPartly: boolean
  readonly ratio: number | null
  /** `scatter`: missed, by less than two standard errors of the difference between two such means. */
  readonly verdict: 'met' | 'missed' | 'scatter' | 'none'
}

/**
 * `anchor` is as it stands in the table: a number, `-`, or a number with `*`. That is a mean over those of the anchor's
 * runs alone that got there. How many did is not known: where fewer than half of ours did, two such means are not comparable.
 */
export function compare(values: readonly (number | undefined)[], anchor: string | undefined, target: Target): Cell {
  const reached = values.filter((value) => value !== undefined)
  const notes = anchor === undefined || anchor === '-' ? null : Number(anchor.replace('*', ''))
  const ours = reached.length === 0 ? null : reached.reduce((sum, value) => sum + value, 0) / reached.length
  const cell = {
    ours,
    least: ours === null ? null : Math.min(...reached),
    most: ours === null ? null : Math.max(...reached),
    deviation: ours === null ? null : deviationOf(reached, ours),
    reached: reached.length,
    runs: values.length,
    notes,
    notesPartly: anchor?.endsWith('*') ?? false,
    ratio: ours === null || notes === null ? null : ours / notes,
  }
  return { ...cell, verdict: verdictOf(cell, target) }
}

function deviationOf(values: readonly number[], mean: number): number {
  const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0)
  return values.length < 2 ? 0 : Math.sqrt(squares / (values.length - 1))
}

function verdictOf(cell: Omit<Cell, 'verdict'>, target: Target): Cell['verdict'] {
  const { ours, least, most, deviation, notes, reached, runs } = cell
  if (notes === null || target === undefined) return 'none'
  if (ours === null || least === null || most === null || deviation === null) return 'missed'
  if (target === 'exact') return reached === runs && least === notes && most === notes ? 'met' : 'missed'
  // Half a round, because the anchor is a whole number.
  if (target === 'one-of')
    return reached === runs && Math.abs(ours - notes) <= drawn * deviation + 1 / 2 ? 'met' : 'missed'
  if (cell.notesPartly && reached > 0 && reached < runs / 2) return 'none'
  // One of eight is the least that eight runs can show.
  if (!cell.notesPartly && runs - reached > runs / anchorRuns) return 'missed'
  const above = ours - allowance * notes
  if (above <= 0) return 'met'
  return above <= 2 * deviation * Math.sqrt(1 / anchorRuns + 1 / reached) ? 'scatter' : 'missed'
}
