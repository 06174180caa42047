/** One random scenario, run against what must hold. The seed is all of it: the same seed gives the same run. */
import type { PeerEvent } from '../../../peers/events.ts'
import type { PeerLife } from '../../../peers/peer-life.ts'
import { figuresOf } from '../simulation/figures.ts'
import { simulate } from '../simulation/simulate.ts'
import { plantCanaries } from './canaries.ts'
import { drawScenario, faultsEnd, slowest } from './random-scenario.ts'
import { violations } from './violations.ts'

export interface Soaked {
  readonly seed: number
  /** Of the event log. */
  readonly digest: string
  /** What did not hold, in words. */
  readonly wrong: readonly string[]
  /** What was done to the peers. */
  readonly faults: number
  readonly sessions: number
  /** Bytes that left peers and were searched for private ones. */
  readonly searchedBytes: number
}

/** `change`: what the peers are made into after their secrets were planted; tests break one. */
export async function soak(
  seed: number,
  signal: AbortSignal,
  change = (life: PeerLife): PeerLife => life,
): Promise<Soaked> {
  const scenario = drawScenario(String(seed))
  const canaries = plantCanaries(String(seed))
  const events: PeerEvent[] = []
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const equip = (life: PeerLife): PeerLife => change(canaries.plant(life))
  const simulation = await simulate(scenario, observer, signal, { equip })
  const figures = figuresOf(scenario, simulation, events)
  const leaks = canaries.found()
  return {
    seed,
    digest: simulation.digest,
    wrong: violations({ scenario, figures, events, leaks, calmFrom: faultsEnd, slowest }),
    faults: events.filter(({ type }) => type === 'fault').length,
    sessions: figures.sessions.length,
    searchedBytes: canaries.searched(),
  }
}

/** What to type to see a run again. */
export const replayOf = ({ seed }: Soaked): string => `npm run soak -- --from ${seed} --seeds 1`

/** A line for each thing that did not hold. */
export function linesOf(soaked: Soaked): string[] {
  return soaked.wrong.map((what) => `seed ${soaked.seed}: ${what}; again: ${replayOf(soaked)}`)
}
