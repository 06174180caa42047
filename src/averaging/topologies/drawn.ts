/** Random graphs, drawn once for a session or anew for each round. */
import { createRandom, type Random } from '../../core/random.ts'
import type { Topology } from '../schedule.ts'
import { distinct, graph, isConnected, type Link, metropolisRound } from './graph.ts'
import { endless } from './kinds.ts'

export interface Draw extends Pick<Topology, 'name' | 'exactAfter'> {
  links(n: number, random: Random): readonly Link[]
}

/** After so many draws the parameters are such that graphs fall apart; what cannot be reached is left to the mop-up. */
const mostDraws = 100

/** One graph a session: of the draws that the seed gives, the first that is connected. */
export function drawnOnce(draw: Draw): Topology {
  return graph({
    ...draw,
    links: (n, seed) => {
      const random = createRandom(seed)
      let links: readonly Link[] = []
      for (let attempt = 0; attempt < mostDraws; attempt++) {
        links = draw.links(n, random.derive(`${draw.name} ${attempt}`))
        if (isConnected(links, n)) break
      }
      return links
    },
  })
}

/** A time-varying graph: another draw each round, connected or not. */
export function drawnEachRound(draw: Draw, promises: Pick<Topology, 'name' | 'expectedContraction'>): Topology {
  return endless({
    ...promises,
    ...(draw.exactAfter === undefined ? {} : { exactAfter: draw.exactAfter }),
    schedule: (n, seed) => {
      const random = createRandom(seed)
      return (t) => (n < 2 ? [] : metropolisRound(distinct(draw.links(n, random.derive(`${promises.name} ${t}`)))))
    },
  })
}
