/** A scenario drawn from a seed, with faults of every kind that end in time. */
import { createRandom, type Random } from '../../core/random.ts'
import { drawnPairs } from '../plan-schema.ts'
import { type SimulationScenario, simulationSchema } from '../simulation/scenario.ts'
import { drawChurn } from './random-churn.ts'
import { drawGraphs } from './random-graphs.ts'
import { drawMixing } from './random-mixing.ts'
import { drawTopology } from './random-topology.ts'

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
  /** Text of each file, a graph or a trace, that the scenario names by its path. */
  readonly texts: ReadonlyMap<string, string>
}

export function drawScenario(seed: string): DrawnScenario {
  const random = createRandom(`scenario ${seed}`)
  const count = 2 + random.below(7)
  const peers = Array.from({ length: count }, (_, i) => `peer-${i + 1}`)
  const mixing = drawMixing(peers, random.derive('mixing'))
  const withoutRounds = mixing.mixing.timing === 'asynchronous'
  const graphs =
    !withoutRounds && random.next() < 0.3 ? drawGraphs(peers, faultsEnd * 0.8, random.derive('graphs')) : undefined
  const named = withoutRounds ? drawnPairs : drawTopology(count, random.derive('topology'))
  const churn = random.next() < 0.4 ? drawChurn(peers, faultsEnd, random.derive('churn')) : undefined
  const scenario = simulationSchema.parse({
    name: 'random',
    peers: count,
    seed,
    rounds,
    topology: graphs?.topology ?? named,
    deadlines,
    ...mixing,
    links: {
      delayMs: 1 + random.below(80),
      jitterMs: random.below(200),
      loss: maybe(random, 0.15),
      duplication: maybe(random, 0.15),
      reordering: maybe(random, 0.15),
    },
    churn: churn?.churn,
    script: [...Array.from({ length: random.below(6) }, () => drawStep(peers, random)), ...(graphs?.edits ?? [])],
    limitSeconds: faultsEnd + rounds * roundSeconds + deadlines.leave,
  })
  return { scenario, texts: new Map([...(graphs?.texts ?? []), ...(churn?.texts ?? [])]) }
}

const maybe = (random: Random, most: number): number => (random.next() < 0.5 ? 0 : random.next() * most)

function drawStep(peers: readonly string[], random: Random) {
  const at = random.next() * faultsEnd * 0.8
  const lasts = 1 + random.next() * (faultsEnd - at - 1)
  const some = random.shuffle(peers).slice(0, 1 + random.below(Math.max(1, peers.length - 1)))
  const steps = [
    { at, fault: 'kill', peers: some, for: lasts },
    { at, fault: 'pause', peers: some, for: lasts },
    { at, fault: 'clock-jump', peers: some, seconds: 1 + random.below(100) },
    { at, fault: 'partition', groups: [some], for: lasts },
    { at, fault: 'heal' },
    { at, fault: 'join', peers: some },
    { at, fault: 'leave', peers: some },
    { at, fault: 'disk-full', peers: some, for: lasts },
    { at, fault: 'slow', peers: some, times: 1 + random.below(slowest), for: lasts },
  ]
  return steps[random.below(steps.length)]
}
