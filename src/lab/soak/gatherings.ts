/**
 * Where members gather what all bring there is no sum to keep. What must hold of a trimmed mean and of a median is that
 * every number of the result lies between the smallest and the largest that a member brought. Peers that mixed apart in
 * one round may settle on one result of the two, so that what they settle on lies among what any session of the round brought.
 */
import type { Network } from '../../../peers/kernel/ports.ts'
import type { PeerLife } from '../../../peers/peer-life.ts'
import { gathers } from '../../averaging/robust/by-name.ts'
import { decodeState, numbersIn } from '../../averaging/state-bytes.ts'
import { beyondItsMembers } from './violations.ts'

export interface Gatherings {
  /** The life, with its network watched. */
  readonly watch: (life: PeerLife) => PeerLife
  /** Each session with a result that is no mixture of what its members brought, in words. */
  outside(): string[]
}

interface Session {
  readonly round: number
  /** Digests of states. */
  readonly brought: Set<string>
  readonly mixed: Set<string>
  readonly settled: Set<string>
}

export function watchGatherings(): Gatherings {
  const offered = new Map<string, Uint8Array>()
  const sessions = new Map<string, Session>()

  const watched = (network: Network): Network => ({
    ...network,
    offer(digest, bytes) {
      offered.set(digest, bytes)
      network.offer(digest, bytes)
    },
    announce(said) {
      if (said.type === 'session' && said.stage !== 'joined') {
        const { session, round, stage, digest } = said
        const known = sessions.get(session) ?? { round, brought: new Set(), mixed: new Set(), settled: new Set() }
        sessions.set(session, known)
        known[stage].add(digest)
      }
      return network.announce(said)
    },
  })
  const broughtIn = (round: number): Set<string> =>
    new Set([...sessions.values()].flatMap((session) => (session.round === round ? [...session.brought] : [])))
  const statesOf = (digests: ReadonlySet<string>): Int32Array[] =>
    [...digests].flatMap((digest) => {
      const bytes = offered.get(digest)
      return bytes === undefined ? [] : [decodeState(bytes, numbersIn(bytes.length))]
    })
  return {
    watch: (life) => (gathers(life.plan.mixing.robust) ? { ...life, network: watched(life.network) } : life),
    outside: () =>
      [...sessions].flatMap(([session, { round, brought, mixed, settled }]) => {
        const within = (results: ReadonlySet<string>, all: ReadonlySet<string>): boolean => {
          const among = statesOf(all)
          return statesOf(results).every((result) => isWithin(result, among))
        }
        if (within(mixed, brought) && within(settled, broughtIn(round))) return []
        return [beyondItsMembers(session, round)]
      }),
  }
}

function isWithin(result: Int32Array, brought: readonly Int32Array[]): boolean {
  return result.every((value, i) => {
    const column = brought.map((state) => state[i] as number)
    return value >= Math.min(...column) && value <= Math.max(...column)
  })
}
