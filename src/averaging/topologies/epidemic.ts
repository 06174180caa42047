/**
 * Epidemic Learning (de Vos et al. 2023), EL-Oracle: everyone with s others, drawn anew each round, here in the symmetric
 * form, a random s-regular graph. (EL-Local, where each sends to s others and averages what it hears, moves the mean
 * even if nothing is lost; no exchange here can carry it.)
 */
import type { Topology } from '../schedule.ts'
import { drawnEachRound } from './drawn.ts'
import { kRegular } from './k-regular.ts'

export function epidemic(s: number): Topology {
  return drawnEachRound(kRegular(s), {
    name: `epidemic-${s}`,
    expectedContraction: (n) => {
      const degree = Math.min(s, n - 1)
      return (n * degree) % 2 === 1 ? undefined : Math.sqrt((1 / (degree + 1)) * (1 - degree / (n - 1)))
    },
  })
}
