/** Every peer is told of every other one by itself, and each announcement goes over a link to each, as all messages do. */
import type { Clock, NetworkEvent } from '../../kernel/ports.ts'
import { createEar, type Ear } from '../hearing.ts'
import { type Hearer, joinedBy, leftBy, type Word } from './word.ts'

export interface LinkParts<N> {
  readonly clock: Clock
  readonly others: (node: N) => N[]
  readonly reaches: (from: N, to: N) => boolean
  readonly tell: (to: N, event: NetworkEvent) => void
  readonly carry: (from: N, to: N, bytes: number, event: () => NetworkEvent, know: () => void) => void
}

interface Listener extends Hearer {
  readonly listeners: Set<(event: NetworkEvent) => void>
}

export function createWordByLinks<N extends Listener>({ clock, others, reaches, tell, carry }: LinkParts<N>): Word<N> {
  const ears = new Map<N, Ear>()
  return {
    hearingOf(node) {
      // Nobody is silent and heard all the same: all that are up are connected.
      const ear = createEar(clock, 0)
      ears.set(node, ear)
      node.listeners.add(ear.hear)
      return { hearing: ear, heard: () => 0 }
    },
    arrives(node) {
      for (const other of others(node)) {
        tell(other, joinedBy(node))
        tell(node, joinedBy(other))
      }
    },
    leaves(node) {
      ears.delete(node)
      for (const other of others(node)) tell(other, leftBy(node.key))
    },
    says(node, announcement, bytes) {
      const reached = others(node).filter((other) => reaches(node, other))
      const event: NetworkEvent = { type: 'announced', author: node.key, announcement }
      for (const other of reached) carry(node, other, bytes, () => event, nothing)
      return reached.length
    },
    parts(nodes) {
      for (const node of nodes) {
        const ear = ears.get(node)
        for (const other of nodes) ear?.roster.reach(other.key, reaches(node, other))
        ear?.stir()
      }
    },
  }
}

/** Nobody asks whether an announcement arrived. */
const nothing = (): void => {}
