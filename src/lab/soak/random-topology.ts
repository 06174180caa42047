/** Any topology that has a name, for a number of peers that it makes sense for. */

import { families } from '../../averaging/topologies/by-name.ts'
import type { Random } from '../../core/random.ts'

/** Of graphs that are drawn: hardly a link, some, and all. */
const probabilities = ['', '-0.1', '-0.5', '-1']
/** The least K that all families accept. */
const leastForAll = 3

export function drawTopology(peers: number, random: Random): string {
  const { form, named } = random.shuffle(families)[0] as (typeof families)[number]
  const names = random.shuffle(namesOf(form, peers)).filter((name) => named(name) !== undefined)
  return names[0] as string
}

/** A K that is larger than the federation says what its size says. */
function namesOf(form: string, peers: number): string[] {
  if (form.endsWith('[-P]')) return probabilities.map((digits) => form.replace('[-P]', digits))
  if (!form.endsWith('-K')) return [form]
  return Array.from({ length: Math.max(leastForAll, peers) }, (_, i) => form.replace(/K$/, String(i + 1)))
}
