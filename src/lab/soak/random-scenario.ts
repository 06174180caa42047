/** A scenario drawn from a seed, with faults of every kind that end in time. */
import { createRandom, type Random } from '../../core/random.ts'
import { type SimulationScenario, simulationSchema } from '../simulation/scenario.ts'
import { drawGraphs } from './random-graphs.ts'
import { drawMixing } from './random-mixing.ts'

/** Seconds; then all faults but those of the links are over, and the rounds that are left must go well. */
export const faultsEnd = 60
/** No peer is slower than so many times its usual pace. */
export const slowest = 3
const deadlines = { join: 30, ready: 60, average: 40, pull: 20, round: 120, leave: 120 }
const rounds = 4
/** A round costs no more than its work, slowed down, and the deadlines on its way. */
const roundSeconds = slowest * 36 + deadlines.ready + deadlines.average + deadlines.pull + deadlines.round

export interface DrawnScenario {
  readonly scenario: SimulationScenario
  /** Text of each graph that the scenario names by its path. */
  readonly graphs: ReadonlyMap<string, string>
}

const topologies = ['base-2', 'base-3', 'base-4', 'ring', 'complete', 'random-matching']

export function drawScenario(seed: string): DrawnScenario {
  const random = createRandom(`scenario ${seed}`)
  const count = 2 + random.below(7)
  const peers = Array.from({ length: count }, (_, i) => `peer-${i + 1}`)
  const graphs = random.next() < 0.3 ? drawGraphs(peers, faultsEnd * 0.8, random.derive('graphs')) : undefined
  const scenario = simulationSchema.parse({
    name: 'random',
    peers: count,
    seed,
    rounds,
    topology: graphs?.topology ?? random.shuffle(topologies)[0],
    deadlines,
    ...drawMixing(peers, random.derive('mixing')),
    links: {
      delayMs: 1 + random.below(80),
      jitterMs: random.below(200),
      loss: maybe(random, 0.15),
      duplication: maybe(random, 0.15),
      reordering: maybe(random, 0.15),
    },
    ...(random.next() < 0.4 ? { churn: drawModel(random) } : {}),
    script: [...Array.from({ length: random.below(6) }, () => drawStep(peers, random)), ...(graphs?.edits ?? [])],
    limitSeconds: faultsEnd + rounds * roundSeconds + deadlines.leave,
  })
  return { scenario, graphs: graphs?.texts ?? new Map() }
}

const maybe = (random: Random, most: number): number => (random.next() < 0.5 ? 0 : random.next() * most)

function drawModel(random: Random) {
  const lengths = { upSeconds: 20 + random.below(60), downSeconds: 2 + random.below(20), until: faultsEnd }
  const kind = random.below(3)
  if (kind === 0) return { model: 'exponential', ...lengths }
  if (kind === 1) return { model: 'weibull', ...lengths, shape: 0.5 + random.next() }
  return { model: 'diurnal', periodSeconds: 40 + random.below(40), up: 0.4 + 0.5 * random.next(), until: faultsEnd }
}

function drawStep(peers: readonly string[], random: Random) {
  const at = random.next() * faultsEnd * 0.8
  const lasts = 1 + random.next() * (faultsEnd - at - 1)
  const some = random.shuffle(peers).slice(0, 1 + random.below(Math.max(1, peers.length - 1)))
  const steps = [
    { at, fault: 'kill', peers: some, for: lasts },
    { at, fault: 'pause', peers: some, for: lasts },
    { at, fault: 'clock-jump', peers: some, seconds: 1 + random.below(100) },
    { at, fault: 'partition', groups: [some], for: lasts },
    { at, fault: 'join', peers: some },
    { at, fault: 'disk-full', peers: some, for: lasts },
    { at, fault: 'slow', peers: some, times: 1 + random.below(slowest), for: lasts },
  ]
  return steps[random.below(steps.length)]
}
