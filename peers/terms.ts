/** What two peers must agree on beyond the federation, the model and the layout, by the name that a refusal shows. */
import { createHash } from 'node:crypto'
import { stalenessWords } from '../src/averaging/staleness.ts'
import type { FederationPlan } from './plan.ts'

export type AgreedPlan = Pick<FederationPlan, 'mode' | 'rounds' | 'seed' | 'mixing'>

/** `topology`: its name, which tells its content where it came from a file. The seed is told as a digest. */
export function termsOf({ mode, rounds, seed, mixing }: AgreedPlan, topology: string): Record<string, string> {
  const told = createHash('sha256').update(seed).digest('hex').slice(0, 16)
  const { staleness, ...names } = mixing
  const weighed = mixing.timing === 'rounds' ? {} : { staleness: stalenessWords(staleness) }
  const shared = Object.entries({ ...names, ...weighed }).map(([name, value]) => [`mixing.${name}`, value] as const)
  return { mode, rounds: String(rounds), topology, ...Object.fromEntries(shared), seed: told }
}
