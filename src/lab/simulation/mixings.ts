/** The topology as it was: which edges of every mixing round carried an exchange and which failed, as peers told it. */
import type { PeerEvent } from '../../../peers/events.ts'

export interface TriedEdge {
  /** Names, in order. */
  readonly a: string
  readonly b: string
  /** One end is enough to know: whoever commits an exchange does not take it back. */
  readonly carried: boolean
  /** Why it failed. */
  readonly reason?: string
}

export interface Mixing {
  /** As the session numbers it: by pass and by round of the pass (`peers/wiring/averaging/mix.ts`). */
  readonly mixing: number
  readonly edges: readonly TriedEdge[]
}

/** One round of the federation. */
export interface RoundMixings {
  readonly round: number
  /** More than one where members saw different rosters. */
  readonly sessions: number
  /** Ends of edges. */
  readonly peers: readonly string[]
  readonly mixings: readonly Mixing[]
}

type EdgeEvent = Extract<PeerEvent, { type: 'edge' }>

export function mixingsOf(events: readonly PeerEvent[]): RoundMixings[] {
  const names = new Map(events.map(({ peer, name }) => [peer, name]))
  const told = events.filter((event) => event.type === 'edge')
  return grouped(told, ({ round }) => round).map(([round, ofRound]) => ({
    round,
    sessions: new Set(ofRound.map(({ session }) => session)).size,
    peers: [...new Set(ofRound.flatMap(({ name, other }) => [name, names.get(other) ?? other]))].sort(),
    mixings: grouped(ofRound, ({ mixing }) => mixing).map(([mixing, own]) => ({ mixing, edges: edgesOf(own, names) })),
  }))
}

function edgesOf(told: readonly EdgeEvent[], names: ReadonlyMap<string, string>): TriedEdge[] {
  const edges = new Map<string, TriedEdge>()
  for (const { name, other, outcome, reason } of told) {
    const [a, b] = [name, names.get(other) ?? other].sort() as [string, string]
    const key = `${a} ${b}`
    if (outcome === 'done') edges.set(key, { a, b, carried: true })
    else if (!edges.has(key)) edges.set(key, { a, b, carried: false, ...(reason === undefined ? {} : { reason }) })
  }
  return [...edges].sort(([x], [y]) => (x < y ? -1 : 1)).map(([, edge]) => edge)
}

function grouped<T>(items: readonly T[], key: (item: T) => number): [number, T[]][] {
  const groups = new Map<number, T[]>()
  for (const item of items) {
    const group = groups.get(key(item))
    if (group === undefined) groups.set(key(item), [item])
    else group.push(item)
  }
  return [...groups].sort(([x], [y]) => x - y)
}
