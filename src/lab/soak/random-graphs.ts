/** Topologies that lie in files, which somebody edits while the federation runs. */
import type { Random } from '../../core/random.ts'

export interface DrawnGraphs {
  /** Text by path; nothing of it is on a disk. */
  readonly texts: ReadonlyMap<string, string>
  readonly topology: string
  readonly edits: readonly { readonly at: number; readonly fault: 'edit-topology'; readonly file: string }[]
}

const files = ['/drawn/graph-1.txt', '/drawn/graph-2.txt', '/drawn/graph-3.txt'] as const

/** The first of three connected graphs, and up to four edits until a time in seconds, each on some machines or on all. */
export function drawGraphs(names: readonly string[], until: number, random: Random): DrawnGraphs {
  const edits = Array.from({ length: 1 + random.below(4) }, () => {
    const edit = { at: random.next() * until, fault: 'edit-topology', file: files[random.below(3)] as string } as const
    return random.next() < 0.5
      ? edit
      : { ...edit, peers: random.shuffle(names).slice(0, 1 + random.below(names.length)) }
  })
  return { texts: new Map(files.map((file) => [file, drawEdges(names.length, random)])), topology: files[0], edits }
}

/** A tree, so that it is connected, and as many more edges as come. */
function drawEdges(places: number, random: Random): string {
  const tree = Array.from({ length: places - 1 }, (_, i) => [i + 1, random.below(i + 1)])
  const more = Array.from({ length: random.below(places) }, () => [random.below(places), random.below(places)])
  return [...tree, ...more.filter(([a, b]) => a !== b)].map((link) => `${link.join(' ')}\n`).join('')
}
