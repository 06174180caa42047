/** A scenario in virtual time, as `fedpit simulate` runs it, with what came of it. */
import type { PeerEvent } from '../../peers/events.ts'
import { parseYaml } from '../../src/lab/read-yaml.ts'
import { figuresOf } from '../../src/lab/simulation/figures.ts'
import { simulationSchema } from '../../src/lab/simulation/scenario.ts'
import { type SimulationChanges, simulate } from '../../src/lab/simulation/simulate.ts'

const defaults = {
  name: 'test',
  rounds: 2,
  deadlines: '{ join: 60, ready: 120, average: 60, pull: 30, round: 240, leave: 240 }',
  limitSeconds: 3000,
  standIn: '{ numbers: 8 }',
}
export const unit = 2 ** -20

/** YAML keys may stand once. */
export const withDefaults = (text: string): string =>
  Object.entries(defaults).reduce(
    (yaml, [key, value]) => (new RegExp(`^${key}:`, 'm').test(yaml) ? yaml : `${key}: ${value}\n${yaml}`),
    text,
  )

export async function run(text: string, changes: SimulationChanges = {}) {
  const scenario = parseYaml(withDefaults(text), 'test.yaml', simulationSchema)
  const events: PeerEvent[] = []
  const observer = { publish: (event: PeerEvent) => void events.push(event), onProgress: () => {} }
  const simulation = await simulate(scenario, observer, new AbortController().signal, changes)
  return { ...figuresOf(scenario, simulation, events), events }
}
