/**
 * The learning of simulated peers: FedPIT's round and the engine replaced by a quadratic objective and by time that
 * passes. Everything else of a peer is the product's.
 */
import { createGlobalCodec, type GlobalCodec } from '../../../peers/wiring/global-state.ts'
import { shares } from '../../averaging/weighted.ts'
import type { Random } from '../../core/random.ts'
import { asLocal } from '../../lora/adapter.ts'
import { movingParts } from '../../lora/factoring.ts'
import { putFactors, sizeOf, takeFactors } from '../../lora/wire-state.ts'
import type { ModelConfig } from '../../model/config.ts'
import { type Learners, spender } from './learners.ts'
import { distanceOf, drawQuadratic, fixedPoint, flow, optimum, type Quadratic } from './quadratic.ts'
import type { SimulationScenario } from './scenario.ts'

interface StandIn {
  readonly objective: Quadratic
  readonly examples: number
  readonly random: Random
}

export function createStandIns(
  { peers, standIn: settings, seed, mixing }: SimulationScenario,
  random: Random,
): Learners {
  const codec = standInCodec(settings.numbers, seed, mixing)
  const standIns = new Map(
    peers.map(({ name }) => [name, drawStandIn(settings, codec.parameters, random.derive(`peer ${name}`))]),
  )
  const objectives = [...standIns.values()].map(({ objective }) => objective)
  const weights = shares([...standIns.values()].map(({ examples }) => examples))
  const best = optimum(objectives, weights)
  return {
    codec,
    optimum: best,
    drift: distanceOf(fixedPoint(objectives, weights, settings.flow), best),
    learning(peer, life) {
      const { objective, examples, random } = standIns.get(peer) as StandIn
      const spend = spender(settings, random, life)
      return {
        examples,
        heldOut: 0,
        async train({ round, global }, onGenerated, signal) {
          await spend('generate', round, signal)
          onGenerated()
          await spend('train', round, signal)
          const { parts } = codec.session(round)
          const near = codec.put(flow(objective, codec.take(global), settings.flow)).adapter
          const adapter = putFactors(global, codec.layout, parts, takeFactors(near, codec.layout, parts))
          return { global: adapter, local: asLocal(adapter), synthetic: examples }
        },
        async evaluate(_, signal) {
          await spend('evaluate', undefined, signal)
          return undefined
        },
      }
    },
  }
}

function drawStandIn({ spread, examples }: SimulationScenario['standIn'], numbers: number, random: Random): StandIn {
  const [fewest, most] = examples
  return {
    examples: fewest + random.derive('examples').below(most - fewest + 1),
    objective: drawQuadratic(numbers, spread, random.derive('objective')),
    random,
  }
}

/** An adapter with this many numbers in the factors that move: B, or A and B. */
function standInCodec(numbers: number, seed: string, mixing: SimulationScenario['mixing']): GlobalCodec {
  const [hiddenSize, headDim] = movingParts(mixing.factors) === 'B' ? [1, numbers] : halves(numbers)
  const shape = { hiddenSize, intermediateSize: 1, layers: 1, heads: 1, kvHeads: 1, headDim, vocabSize: 1 }
  const model: ModelConfig = {
    family: 'llama',
    ...shape,
    normEpsilon: 1e-5,
    rope: { theta: 10_000 },
    tiedHead: true,
    qkvBias: false,
    maxPositions: 1,
  }
  return createGlobalCodec({ rank: 1, alpha: 1, targets: ['q'], rslora: false }, model, seed, mixing)
}

/** Of numbers that stand for all factors that move, those that a round mixes. */
export function mixedOf<T extends Float32Array | Float64Array>(codec: GlobalCodec, round: number, values: T): T {
  const { parts } = codec.session(round)
  if (parts === 'AB') return values
  const a = codec.parameters - sizeOf(codec.layout, 'B')
  return (parts === 'A' ? values.subarray(0, a) : values.subarray(a)) as T
}

const halves = (numbers: number): readonly [number, number] => [
  Math.max(1, Math.ceil(numbers / 2)),
  Math.max(1, Math.floor(numbers / 2)),
]
