/** Which edges a round has when not everyone is up. */

import type { Round, Topology } from '../../../src/averaging/schedule.ts'
import { createRandom } from '../../../src/core/random.ts'

/**
 * `roster`: the schedule of all peers, whoever is up. `live`: each round is drawn over those that are up. `session`: a
 * session of those that are up at its start, in an order drawn for it; who returns waits for the next one.
 */
export type Form = 'roster' | 'live' | 'session'

/** The round at step `t`, called once for each `t` in turn; peers that are not up may have edges in it. */
export type Plan = (t: number, isUp: readonly boolean[]) => Round

export function planFor(topology: Topology, form: Form, n: number, seed: string): Plan {
  if (form === 'roster') return topology.schedule(n, seed)
  if (form === 'live') {
    return (t, isUp) => {
      const live = indicesOf(isUp)
      return among(live, topology.schedule(live.length, seed)(t))
    }
  }
  let left: Round[] = []
  return (t, isUp) => {
    if (left.length === 0) {
      const sessionSeed = `${seed} session ${t}`
      const order = createRandom(sessionSeed).shuffle(indicesOf(isUp))
      left = topology.rounds(order.length, sessionSeed).map((round) => among(order, round))
    }
    return left.shift() ?? []
  }
}

function indicesOf(isUp: readonly boolean[]): number[] {
  return isUp.flatMap((up, peer) => (up ? [peer] : []))
}

/** The lower peer initiates, so that who rounds does not depend on the order of a session. */
function among(peers: readonly number[], round: Round): Round {
  return round.map(({ a, b, num, den }) => {
    const [x, y] = [peers[a] as number, peers[b] as number]
    return { a: Math.min(x, y), b: Math.max(x, y), num, den }
  })
}
