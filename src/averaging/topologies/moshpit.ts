/**
 * Hypercube groups in Moshpit's manner (Ryabinin et al., "Moshpit SGD", 2021): the peers stand on a grid with m cells
 * along each axis (the last axis as short as n allows), and in each round those that differ in one coordinate only
 * average. A full grid is exact after one round for each axis; on another, peers are placed anew once all axes had their
 * turn. Moshpit finds its groups in a hash table; here the session's seed draws the places.
 */
import { createRandom } from '../../core/random.ts'
import { clique, type Round, type Topology } from '../schedule.ts'
import { endless } from './kinds.ts'

export function moshpit(groupSize: number): Topology {
  return endless({
    name: `moshpit-${groupSize}`,
    exactAfter: (n) => {
      if (n < 2) return 0
      const axes = axesFor(n, groupSize)
      return axes.reduce((cells, length) => cells * length, 1) === n ? axes.length : undefined
    },
    schedule: (n, seed) => {
      const axes = axesFor(n, groupSize)
      const random = createRandom(seed)
      return (t) => (n < 2 ? [] : groups(axes, t % axes.length, places(Math.floor(t / axes.length))))

      function places(pass: number): number[] {
        const cells = axes.reduce((product, length) => product * length, 1)
        return random
          .derive(`moshpit ${pass}`)
          .shuffle(Array.from({ length: cells }, (_, i) => i))
          .slice(0, n)
      }
    },
  })
}

/** Lengths of the grid's axes: m, m, ... and what is still needed to hold n. */
function axesFor(n: number, groupSize: number): number[] {
  const axes: number[] = []
  for (let left = n; left > 1; left = Math.ceil(left / groupSize)) axes.push(Math.min(groupSize, left))
  return axes
}

/** Peers whose cells differ along the axis alone, each group a clique. */
function groups(axes: readonly number[], axis: number, cells: readonly number[]): Round {
  const stride = axes.slice(0, axis).reduce((product, length) => product * length, 1)
  const members = new Map<number, number[]>()
  for (const [peer, cell] of cells.entries()) {
    const digit = Math.floor(cell / stride) % (axes[axis] ?? 1)
    const line = cell - digit * stride
    members.set(line, [...(members.get(line) ?? []), peer])
  }
  return [...members.values()].flatMap(clique)
}
