/**
 * A pre-training run: updates, a held-out loss every so often, checkpoints. Stopped and continued as often as need be, it
 * ends with the bits of a run that never stopped.
 */
import { createHash } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { createRandom } from '../../src/core/random.ts'
import type { Lesson } from '../../src/nano/corpus/lessons.ts'
import type { TokenizerFiles } from '../../src/tokenizer/tokenizer-files.ts'
import { fullLayout, joinWeights } from '../../src/training/full-layout.ts'
import { packedBatch, stageAt, type TextSource, textData, tokensAfter } from '../../src/training/packed-text.ts'
import type { TrainStep } from '../../src/training/train-step.ts'
import { createTrainer, type TrainerStep } from '../../src/training/trainer.ts'
import type { UpdateSource } from '../../src/training/training-data.ts'
import {
  type Checkpoint,
  type CurvePoint,
  checkPlan,
  type Plan,
  readCheckpoint,
  writeCheckpoint,
} from './checkpoint.ts'
import type { Practice, PracticeShares } from './practice.ts'

/** What was measured with an update, if it was. */
export interface Measured {
  readonly heldOut: number | undefined
  /** In its practice. */
  readonly practised: PracticeShares | undefined
}

export interface PretrainInput {
  readonly plan: Omit<Plan, 'text'>
  /** The held-out loss is taken in rows of the last stage. */
  readonly text: { training(lesson: Lesson): TextSource; readonly heldOut: TextSource }
  /** Only kept with the rest. */
  readonly tokenizer: TokenizerFiles
  readonly init: ReadonlyMap<string, Float32Array>
  readonly steps: Pick<TrainStep, 'step' | 'score'>
  readonly practice: Practice
  /** Of the checkpoint. */
  readonly file: string
  /** Updates between two checkpoints, and between two points of the curve. */
  readonly checkpointEvery: number
  readonly pointEvery: number
  /** Batches that the held-out loss is the mean of. */
  readonly heldOutBatches: number
  /** Stops after the update under way. */
  readonly signal: AbortSignal
  readonly onStep?: (step: TrainerStep, measured: Measured) => void
}

/** The last checkpoint, which is on disk as well. */
export async function pretrain(input: PretrainInput): Promise<Checkpoint> {
  const { text, tokenizer, init, steps, practice, file, checkpointEvery, pointEvery, signal, onStep } = input
  const stages = input.plan.stages.map((stage) => ({ ...stage, source: text.training(stage.lesson) }))
  const texts = textData(stages, input.plan.seed)
  const plan: Plan = { ...input.plan, text: digest(texts.batches(0)) }
  const saved = await readCheckpoint(file)
  const practised = [...(saved?.practised ?? [])]
  const data: UpdateSource = {
    steps: texts.steps,
    async *batches(position, parameters) {
      yield* texts.batches(position)
      const { practice: lists, answers } = stageAt(stages, position) ?? {}
      if (lists === undefined) {
        practised.push(undefined)
        return
      }
      const random = createRandom(plan.seed).derive(`practice ${position}`)
      const { batches, ...shares } = await practice(parameters, { lists, answers }, random)
      practised.push(shares)
      yield* batches
    },
  }
  if (saved !== undefined) checkPlan(saved.plan, plan)
  const layout = fullLayout(plan.config)
  const begin = joinWeights(layout, init)
  const trainer = createTrainer({
    data,
    init: begin,
    trained: layout.trained,
    options: { ...plan, schedule: 'cosine' },
    gradientStep: (batch, parameters) => steps.step(batch, parameters),
    ...(saved && { resume: saved.state }),
  })
  const curve: CurvePoint[] = [...(saved?.curve ?? [])]
  const begun = performance.now() - 1000 * (saved?.seconds ?? 0)
  const seconds = () => Math.round(performance.now() - begun) / 1000

  const point = async (): Promise<number> => {
    const { losses, parameters } = trainer.state()
    const since = losses.slice(curve.at(-1)?.step ?? 0)
    const heldOut = await heldOutLoss(input, parameters)
    const tokens = tokensAfter(plan.stages, losses.length)
    const shares = meanShares(practised.slice(curve.at(-1)?.step ?? 0))
    curve.push({ step: losses.length, tokens, seconds: seconds(), loss: mean(since), heldOut, ...shares })
    return heldOut
  }
  const save = async (): Promise<Checkpoint> => {
    const told = { practised, curve, seconds: seconds() }
    const checkpoint = { plan, tokenizer, state: trainer.state(), ...(plan.average && { init: begin }), ...told }
    await writeCheckpoint(file, checkpoint)
    return checkpoint
  }

  while (!trainer.done()) {
    // Signals of the system arrive while the event loop turns.
    await setImmediate()
    if (signal.aborted) break
    const made = await trainer.step()
    const heldOut = made.step % pointEvery === 0 || trainer.done() ? await point() : undefined
    onStep?.(made, { heldOut, practised: practised.at(-1) })
    if (made.step % checkpointEvery === 0 && !trainer.done()) await save()
  }
  return save()
}

async function heldOutLoss(
  { plan, text, steps, heldOutBatches }: PretrainInput,
  parameters: Float32Array,
): Promise<number> {
  const random = createRandom(plan.seed).derive('held out')
  const shape = plan.stages.at(-1) ?? { batch: 1, length: 1 }
  const losses: number[] = []
  for (let i = 0; i < heldOutBatches; i++) {
    const batch = packedBatch(text.heldOut, random.derive(`${i}`), shape)
    const scores = await steps.score(batch, parameters)
    losses.push(scores.reduce((sum, score, position) => sum + score * (batch.weights[position] as number), 0))
  }
  return mean(losses)
}

function meanShares(practised: readonly (PracticeShares | undefined)[]): Partial<PracticeShares> {
  const rights = practised.flatMap((shares) => shares?.right ?? [])
  const answers = practised.flatMap((shares) => shares?.answered ?? [])
  return {
    ...(rights.length > 0 && { right: mean(rights) }),
    ...(answers.length > 0 && { answered: mean(answers) }),
  }
}

function mean(values: ArrayLike<number>): number {
  return Array.from(values).reduce((sum, value) => sum + value, 0) / values.length
}

function digest(batches: Iterable<{ readonly tokens: Int32Array }>): string {
  const hash = createHash('sha256')
  for (const { tokens } of batches) hash.update(tokens.toString())
  return hash.digest('hex')
}
