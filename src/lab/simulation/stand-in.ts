/**
 * The learning of a simulated peer: FedPIT's round and the engine replaced by a quadratic objective and by time that
 * passes. Everything else of the peer is the product's.
 */
import type { Clock } from '../../../peers/kernel/ports.ts'
import { createGlobalCodec, type GlobalCodec } from '../../../peers/wiring/global-state.ts'
import type { Learning } from '../../../peers/wiring/learning.ts'
import type { Random } from '../../core/random.ts'
import { asLocal } from '../../lora/adapter.ts'
import { movingParts } from '../../lora/factoring.ts'
import { putFactors, sizeOf, takeFactors } from '../../lora/wire-state.ts'
import type { ModelConfig } from '../../model/config.ts'
import { drawQuadratic, flow, type Quadratic } from './quadratic.ts'
import type { SimulationScenario } from './scenario.ts'

export interface StandIn {
  readonly objective: Quadratic
  readonly examples: number
  /** For one life of the peer. `pace`: how many times longer than usual its work takes now. */
  learning(codec: GlobalCodec, clock: Clock, pace: () => number): Learning
}

/** An adapter with this many numbers in the factors that move: B, or A and B. */
export function standInCodec(numbers: number, seed: string, mixing: SimulationScenario['mixing']): GlobalCodec {
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

export function createStandIn(
  settings: SimulationScenario['standIn'],
  { parameters }: GlobalCodec,
  random: Random,
): StandIn {
  const { spread, examples: range, generateSeconds, trainSeconds, evaluateSeconds } = settings
  const [fewest, most] = range
  const examples = fewest + random.derive('examples').below(most - fewest + 1)
  const objective = drawQuadratic(parameters, spread, random.derive('objective'))
  return {
    objective,
    examples,
    learning(codec, clock, pace) {
      const spend = (what: string, [low, high]: readonly [number, number], signal: AbortSignal): Promise<void> =>
        clock.sleep(1000 * pace() * (low + random.derive(what).next() * (high - low)), signal)
      let evaluations = 0
      return {
        examples,
        heldOut: 0,
        async train({ round, global }, onGenerated, signal) {
          await spend(`generate ${round}`, generateSeconds, signal)
          onGenerated()
          await spend(`train ${round}`, trainSeconds, signal)
          const { parts } = codec.session(round)
          const near = codec.put(flow(objective, codec.take(global), settings.flow)).adapter
          const adapter = putFactors(global, codec.layout, parts, takeFactors(near, codec.layout, parts))
          return { global: adapter, local: asLocal(adapter), synthetic: examples }
        },
        async evaluate(_, signal) {
          evaluations += 1
          await spend(`evaluate ${evaluations}`, evaluateSeconds, signal)
          return undefined
        },
      }
    },
  }
}
