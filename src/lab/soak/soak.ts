/** One random scenario, run against what must hold. The seed is all of it: the same seed gives the same run. */
import type { PeerEvent } from '../../../peers/events.ts'
import type { PeerLife } from '../../../peers/peer-life.ts'
import { graphOf, topologySource } from '../../../peers/wiring/topology.ts'
import type { Topology } from '../../averaging/schedule.ts'
import { figuresOf } from '../simulation/figures.ts'
import { simulate } from '../simulation/simulate.ts'
import { plantCanaries } from './canaries.ts'
import { watchGatherings } from './gatherings.ts'
import { type DrawnScenario, drawScenario, faultsEnd, slowest } from './random-scenario.ts'
import { sessionsOf, violations } from './violations.ts'

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
export function soak(seed: number, signal: AbortSignal, change = (life: PeerLife): PeerLife => life): Promise<Soaked> {
  return soakIn(drawScenario(String(seed)), seed, signal, change)
}

/** The same in a scenario that may not be the seed's. */
export async function soakIn(
  { scenario, texts }: DrawnScenario,
  seed: number,
  signal: AbortSignal,
  change = (life: PeerLife): PeerLife => life,
): Promise<Soaked> {
  const gatherings = watchGatherings()
  const canaries = plantCanaries(String(seed))
  const events: PeerEvent[] = []
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const equip = (life: PeerLife): PeerLife => change(canaries.plant(gatherings.watch(life)))
  const readTopology = async (at: string): Promise<Topology> => {
    const text = texts.get(at)
    return text === undefined ? topologySource(at).read() : graphOf(text, at)
  }
  const traceText = async (file: string): Promise<string> => texts.get(file) as string
  const simulation = await simulate(scenario, observer, signal, { equip, readTopology, traceText })
  const figures = figuresOf(scenario, simulation, events)
  const found = { leaks: canaries.found(), outside: gatherings.outside() }
  return {
    seed,
    digest: simulation.digest,
    wrong: violations({ scenario, figures, events, ...found, calmFrom: faultsEnd, slowest }),
    faults: events.filter(({ type }) => type === 'fault').length,
    sessions: sessionsOf(events).length,
    searchedBytes: canaries.searched(),
  }
}

/** What to type to see a run again. */
export const replayOf = ({ seed }: Soaked): string => `npm run soak -- --from ${seed} --seeds 1`

/** A line for each thing that did not hold. */
export function linesOf(soaked: Soaked): string[] {
  return soaked.wrong.map((what) => `seed ${soaked.seed}: ${what}; again: ${replayOf(soaked)}`)
}
