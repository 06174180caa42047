/** Outcomes as a table for people. */
import type { AdapterName, HeldOut, PeerOutcome } from './outcome.ts'

/** One line a peer; columns as wide as they need to be. */
export function outcomeTable(outcomes: readonly PeerOutcome[]): string {
  const isCut = outcomes.some(({ truncated }) => truncated !== undefined)
  const head = [
    [
      'peer',
      'held-out loss',
      '',
      '',
      'ROUGE-L',
      '',
      '',
      'examples',
      '',
      'MB',
      '',
      ...(isCut ? ['rank', ''] : []),
      'adapter',
    ],
    [
      ...['', 'base', 'global', 'local', 'base', 'global', 'local', 'private', 'kept/made', 'sent', 'received'],
      ...(isCut ? ['', 'discarded'] : []),
      'digest',
    ],
  ]
  const loss = ({ loss }: HeldOut): string => loss.toFixed(3)
  const rouge = ({ rougeL }: HeldOut): string => rougeL.toFixed(3)
  const rows = outcomes.map(({ name, heldOut, examples, bytes, truncated, digest }) => {
    const cell = (adapter: AdapterName, show: (value: HeldOut) => string): string => {
      const value = heldOut[adapter]
      return value === undefined ? '-' : show(value)
    }
    return [
      name,
      ...(['base', 'global', 'local'] as const).map((adapter) => cell(adapter, loss)),
      ...(['base', 'global', 'local'] as const).map((adapter) => cell(adapter, rouge)),
      String(examples.private),
      `${examples.kept}/${examples.generated}`,
      megabytes(bytes.sent),
      megabytes(bytes.received),
      ...(isCut ? cutOf(truncated) : []),
      digest?.slice(0, 12) ?? '-',
    ]
  })
  return align([...head, ...rows])
}

/** Seconds by phase, one line a peer. */
export function timeTable(outcomes: readonly PeerOutcome[]): string {
  const phases = [...new Set(outcomes.flatMap(({ seconds }) => Object.keys(seconds)))]
  const rows = outcomes.map(({ name, seconds }) => [name, ...phases.map((phase) => (seconds[phase] ?? 0).toFixed(1))])
  return align([['seconds', ...phases], ...rows])
}

const cutOf = (truncated: PeerOutcome['truncated']): string[] =>
  truncated === undefined ? ['-', '-'] : [String(truncated.rank), `${(100 * truncated.discarded).toFixed(1)} %`]

function megabytes(bytes: number): string {
  return (bytes / 1e6).toFixed(2)
}

/** The first column to the left, the others to the right. */
export function align(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]?.map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0))) ?? []
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n')
}
