/**
 * Who exchanges with whom in a session, worked out from its name, its members and its topology alone, and kept for a
 * while: every round of a session asks, and of thousands of simulated members each would work out the same.
 */
import type { Ratio, Round } from '../../../src/averaging/schedule.ts'
import type { PeerKey } from '../../kernel/ports.ts'

export interface Plan {
  /** Members in the order of the schedule. */
  readonly order: readonly PeerKey[]
  readonly rounds: number
  /** A member's weight, at most 1. */
  share(peer: PeerKey): number
  /** Partners of a member in a round. */
  partners(peer: PeerKey, round: number): ReadonlyMap<PeerKey, Ratio>
}

export interface Plans {
  /** What is remembered under this name, or else what `work` gives. */
  of<T>(name: string, work: () => T): T
}

/** A session has a plan, and perhaps one for a mop-up; peers need not be in the same one. */
const kept = 8

export function createPlans(): Plans {
  const known = new Map<string, unknown>()
  return {
    of<T>(name: string, work: () => T): T {
      if (!known.has(name)) known.set(name, work())
      const oldest = known.keys().next()
      if (known.size > kept && !oldest.done) known.delete(oldest.value)
      return known.get(name) as T
    },
  }
}

/** `weights`: by place in the order; left out where only the exchanges are asked for. */
export function planOf(order: readonly PeerKey[], rounds: readonly Round[], weights: readonly number[] = []): Plan {
  const places = new Map(order.map((peer, place) => [peer, place]))
  const tables: (ReadonlyMap<PeerKey, Ratio>[] | undefined)[] = []
  return {
    order,
    rounds: rounds.length,
    share: (peer) => weights[places.get(peer) ?? -1] ?? 1,
    partners(peer, round) {
      const table = tables[round] ?? partnersIn(order, rounds[round] ?? [])
      tables[round] = table
      return table[places.get(peer) ?? -1] ?? nobody
    },
  }
}

const nobody: ReadonlyMap<PeerKey, Ratio> = new Map()

function partnersIn(order: readonly PeerKey[], round: Round): Map<PeerKey, Ratio>[] {
  const table = order.map(() => new Map<PeerKey, Ratio>())
  for (const { a, b, num, den } of round) {
    table[a]?.set(order[b] as PeerKey, { num, den })
    table[b]?.set(order[a] as PeerKey, { num, den })
  }
  return table
}
