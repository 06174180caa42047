/** A process and its descendants, and the memory that is theirs alone, as Linux tells them under /proc. */
import { readdirSync, readFileSync } from 'node:fs'

export interface RunningProcess {
  readonly pid: number
  readonly command: string
}

export function familyOf(root: number): RunningProcess[] {
  const parents = new Map<number, number>()
  for (const name of readdirSync('/proc')) {
    // `pid (name) state parent ...`; the name may hold anything, also a bracket.
    const stat = /^\d+$/.test(name) ? read(`/proc/${name}/stat`) : ''
    const parent = stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]
    if (parent !== undefined) parents.set(Number(name), Number(parent))
  }
  const descends = (pid: number | undefined): boolean =>
    pid !== undefined && (pid === root || descends(parents.get(pid)))
  return [...parents.keys()]
    .filter((pid) => descends(pid))
    .map((pid) => ({ pid, command: read(`/proc/${pid}/cmdline`).replaceAll('\0', ' ') }))
}

/** Pages that no other process has: a file that several map counts nowhere. 0 where the process has ended. */
export function privateMB(pid: number): number {
  const kilobytes = [...read(`/proc/${pid}/smaps_rollup`).matchAll(/^Private_\w+: +(\d+) kB/gm)]
  return kilobytes.reduce((sum, [, kB]) => sum + Number(kB), 0) / 1024
}

function read(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return ''
  }
}
