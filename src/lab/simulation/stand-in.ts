/**
 * The learning of simulated peers: FedPIT's round and the engine replaced by a quadratic objective and by time that
 * passes. Everything else of a peer is the product's.
 */
import type { TrainingRound } from '../../../peers/wiring/own-adapters.ts'
import { countsAlike, gathers } from '../../averaging/robust/by-name.ts'
import { shares } from '../../averaging/weighted.ts'
import type { Random } from '../../core/random.ts'
import { asLocal, type GlobalAdapter } from '../../lora/adapter.ts'
import { type Learners, spender } from './learners.ts'
import { distanceOf, drawQuadratic, fixedPoint, flow, optimum, type Quadratic } from './quadratic.ts'
import type { SimulationScenario } from './scenario.ts'
import { type StandInAdapter, standInAdapter } from './stand-in-adapter.ts'

interface StandIn {
  readonly adapter: StandInAdapter
  readonly objective: Quadratic
  readonly examples: number
  readonly random: Random
}

export function createStandIns(scenario: SimulationScenario, random: Random): Learners {
  const { peers, standIn: settings } = scenario
  const common = standInAdapter(scenario)
  const standIns = new Map(
    peers.map(({ name, rank }) => {
      const adapter = rank === undefined ? common : standInAdapter(scenario, rank)
      return [name, drawStandIn(settings, adapter, random.derive(`peer ${name}`))]
    }),
  )
  const objectives = [...standIns.values()].map(({ objective }) => objective)
  const held = [...standIns.values()].map(({ examples }) => examples)
  const alike = countsAlike(scenario.mixing.robust) || scenario.mixing.timing === 'asynchronous'
  const weights = alike ? held.map(() => 1) : shares(held)
  const best = optimum(objectives, weights)
  // A median, or the product that a rank holds, ends elsewhere.
  const inMean = !gathers(scenario.mixing.robust) && scenario.mixing.factors !== 'svd'
  return {
    codec: common.codec,
    codecOf: (peer) => (standIns.get(peer) as StandIn).adapter.codec,
    optimum: (round) => common.mixedOf(round, best),
    ...(inMean ? { drift: distanceOf(fixedPoint(objectives, weights, settings.flow), best) } : {}),
    learning(peer, life) {
      const { adapter, objective, examples, random } = standIns.get(peer) as StandIn
      const spend = spender(settings, random, life)
      const trainedFrom = ({ round, global }: TrainingRound): GlobalAdapter =>
        adapter.write(global, flow(objective, adapter.read(global), settings.flow), round)
      return {
        examples,
        heldOut: 0,
        async train(input, onGenerated, signal) {
          await spend('generate', input.round, signal)
          onGenerated()
          await spend('train', input.round, signal)
          return { global: trainedFrom(input), synthetic: examples }
        },
        async personalise(input, signal) {
          await spend('personalise', input.round, signal)
          return asLocal(trainedFrom(input))
        },
        async evaluate(_, signal) {
          await spend('evaluate', undefined, signal)
          return undefined
        },
      }
    },
  }
}

function drawStandIn(
  { spread, examples }: SimulationScenario['standIn'],
  adapter: StandInAdapter,
  random: Random,
): StandIn {
  const [fewest, most] = examples
  return {
    adapter,
    examples: fewest + random.derive('examples').below(most - fewest + 1),
    objective: drawQuadratic(adapter.numbers, spread, random.derive('objective')),
    random,
  }
}
