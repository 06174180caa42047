/** FedPIT's round and the evaluation, for one peer: its private examples stay inside. */
import { inputError } from '../../src/core/errors.ts'
import { createRandom } from '../../src/core/random.ts'
import { readExamples } from '../../src/data/read-examples.ts'
import { holdOut } from '../../src/data/split.ts'
import type { Engine, ModelInfo, StepEvent } from '../../src/engine/contract.ts'
import { evaluateHeldOut } from '../../src/evaluation/held-out.ts'
import { isolatedRound, personalise } from '../../src/fedpit/isolated-round.ts'
import { mixedParts } from '../../src/lora/factoring.ts'
import type { PeerEventBody } from '../events.ts'
import type { FederationPlan } from '../plan.ts'
import type { TrainingRound } from './own-adapters.ts'
import type { PeerHome } from './peer-home.ts'
import type { WorkParts } from './peer-work.ts'

export interface LearningParts {
  readonly name: string
  /** File with the private examples. */
  readonly data: string
  readonly plan: FederationPlan
  readonly engine: Engine
  readonly model: ModelInfo
  readonly home: Pick<PeerHome, 'keepSynthetic' | 'newestSynthetic'>
  readonly publish: (event: PeerEventBody) => void
}

export interface Learning extends Pick<WorkParts, 'train' | 'personalise' | 'evaluate'> {
  /** Private examples to train on, and those set aside first. */
  readonly examples: number
  readonly heldOut: number
}

/** Private examples, with those set aside that nothing but the evaluation sees. */
export type PrivateData = ReturnType<typeof holdOut>

export async function createLearning(parts: LearningParts): Promise<Learning> {
  return learnFrom(await readPrivate(parts), parts)
}

export async function readPrivate({
  name,
  data,
  plan,
  publish,
}: Pick<LearningParts, 'name' | 'data' | 'plan' | 'publish'>): Promise<PrivateData> {
  const { examples, problems } = await readExamples(data)
  // The line, and never what stands in it: events carry no private text.
  if (problems.length > 0) {
    const message = `Left out ${problems.length} of the records in ${data} that cannot be used; "fedpit evaluate" lists them`
    publish({ type: 'warning', code: 'data.problems', message })
  }
  return holdOut(examples, plan.evaluation.heldOut, createRandom(`${plan.seed}/${name}`))
}

export function learnFrom(
  { train: own, heldOut }: PrivateData,
  { name, plan, engine, model, home, publish }: Omit<LearningParts, 'data'>,
): Learning {
  const chat = model.hasChatTemplate
  const { training } = plan.fedpit
  // Of a sample's tokens the last is only predicted. Told now, and not once the examples are generated.
  if (training.maxTokens > model.maxPositions + 1) {
    const expected = `at most ${model.maxPositions + 1} for model ${model.name}`
    const message = `Cannot train: expected fedpit.training.maxTokens to be ${expected}, got ${training.maxTokens}`
    throw inputError('plan.max-tokens', message)
  }
  // Longer examples are cut in training; evaluation sees of them what training would.
  const maxTokens = Math.min(training.maxTokens, model.maxPositions)
  let toldOfCuts = false
  const inputOf = ({ round, global }: TrainingRound) => {
    return { examples: own, global, settings: plan.fedpit, chat, seed: `${plan.seed}/${name}/round ${round}` }
  }
  const partsOf = (round: number, signal: AbortSignal) => ({
    engine,
    signal,
    onStep: (adapter: 'scorer' | 'global' | 'local', { step, steps, loss }: StepEvent) =>
      publish({ type: 'step', round, adapter, step, steps, loss }),
  })
  return {
    examples: own.length,
    heldOut: heldOut.length,
    async train(input, onGenerated, signal) {
      const { round } = input
      const { global, synthetic } = await isolatedRound(
        { ...inputOf(input), shared: mixedParts(plan.mixing.factors, round) },
        {
          ...partsOf(round, signal),
          maxPositions: model.maxPositions,
          onGenerated: ({ tried, kept, rejected }) => {
            publish({ type: 'generated', round, candidates: tried, kept, rejected })
            onGenerated()
          },
        },
      )
      await home.keepSynthetic(round, synthetic)
      return { global, synthetic: synthetic.length }
    },
    async personalise(input, signal) {
      const synthetic = await home.newestSynthetic()
      return personalise({ ...inputOf(input), synthetic }, partsOf(input.round, signal))
    },
    async evaluate(adapter, signal) {
      if (heldOut.length === 0) return undefined
      const { maxNewTokens } = plan.evaluation
      const parts = { engine, chat, maxTokens, maxNewTokens, signal }
      const { truncated, ...figures } = await evaluateHeldOut(heldOut, adapter, parts)
      if (truncated > 0 && !toldOfCuts) {
        toldOfCuts = true
        const message = `Cut ${truncated} of ${heldOut.length} held-out examples to ${maxTokens} tokens, as training does`
        publish({ type: 'warning', code: 'evaluation.truncated', message })
      }
      return figures
    },
  }
}
