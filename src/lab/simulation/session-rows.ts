/** The sessions of a simulation as the rows of a table, its head first. */
import type { SessionFigures } from './sessions.ts'

export function sessionRows(sessions: readonly SessionFigures[]): string[][] {
  const head = ['round', 'second', 'members', 'mixings', 'apart', 'mixed', 'error', 'to optimum', 'sum kept', 'results']
  const short = (value: number): string => value.toExponential(2)
  const rows = sessions.map(({ round, at, members, consensus, error, toOptimum, sumKept, results }) => [
    String(round),
    at.toFixed(1),
    String(members),
    String(consensus.length - 1),
    short(consensus[0] ?? 0),
    short(consensus.at(-1) ?? 0),
    short(error),
    toOptimum === undefined ? '' : short(toOptimum),
    sumKept ? 'yes' : 'NO',
    String(results),
  ])
  return [head, ...rows]
}
