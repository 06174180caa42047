import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { readCheckpoint } from '../../../../scripts/pretrain/checkpoint.ts'
import type { Practice } from '../../../../scripts/pretrain/practice.ts'
import { practiceBatches } from '../../../../scripts/pretrain/practice-rows.ts'
import { type PretrainInput, pretrain } from '../../../../scripts/pretrain/pretrain.ts'
import { newWeights } from '../../../../src/nano/new-model.ts'
import { fullLayout, joinWeights } from '../../../../src/training/full-layout.ts'
import type { TextSource } from '../../../../src/training/packed-text.ts'
import { createTrainStep } from '../../../../src/training/train-step.ts'
import { tinyModel } from '../../../fixtures/tiny-config.ts'

/** Counting up or down from a random number, modulo what the vocabulary holds besides the separator. */
const counting = (by: number): TextSource => ({
  document: (random) => {
    const start = random.below(29)
    const ids = Array.from({ length: 3 + random.below(9) }, (_, i) => 1 + ((start + by * i + 29 * 20) % 29))
    return { ids, weights: ids.map(() => 1) }
  },
  separator: 0,
})

/** A folder and a trained step that both go away afterwards. */
async function withRun(use: (input: PretrainInput, folder: string) => Promise<void>): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-pretrain-'))
  const steps = createTrainStep({ config: tinyModel, folder, weights: new Map() }, 'full', {
    device: 'cpu',
    threads: 2,
  })
  try {
    const input: PretrainInput = {
      plan: {
        config: tinyModel,
        seed: 'run',
        stages: [
          { lesson: 'copy', updates: 20, batch: 4, length: 16 },
          { lesson: 'all', updates: 10, batch: 2, length: 32 },
        ],
        learningRate: 0.02,
        warmupSteps: 3,
        cosineSteps: 30,
        cooldownSteps: 0,
        weightDecay: 0.1,
        beta2: 0.95,
        clipNorm: 1,
        device: 'cpu',
      },
      text: { training: () => counting(1), heldOut: counting(1) },
      tokenizer: { tokenizer: {}, config: {}, bos: 0, ends: [0], chatTemplate: undefined },
      init: newWeights(tinyModel, 'run'),
      steps,
      practice: () => Promise.reject(new Error('no stage asks for it')),
      file: join(folder, 'run'),
      checkpointEvery: 7,
      pointEvery: 5,
      heldOutBatches: 2,
      signal: new AbortController().signal,
    }
    await use(input, folder)
  } finally {
    await steps.release()
    await rm(folder, { recursive: true })
  }
}

/** Runs until `last` updates are made, then aborts. */
function until(last: number, input: PretrainInput): Promise<Awaited<ReturnType<typeof pretrain>>> {
  const stop = new AbortController()
  return pretrain({ ...input, signal: stop.signal, onStep: ({ step }) => step === last && stop.abort() })
}

const timeless = (curve: readonly { readonly seconds: number }[]) => curve.map((point) => ({ ...point, seconds: 0 }))

test('pretrain() stopped and resumed gives the same bits as a run that never stopped', () =>
  withRun(async (input, folder) => {
    const whole = await pretrain({ ...input, file: join(folder, 'whole') })
    for (const stop of [1, 5, 13, 29]) {
      const first = await until(stop, input)
      assert.equal(first.state.losses.length, stop)
      assert.deepEqual(await readCheckpoint(input.file), first)
    }
    const resumed = await pretrain(input)
    assert.deepEqual(resumed.state, whole.state)
    assert.deepEqual(timeless(resumed.curve), timeless(whole.curve))
  }))

test('pretrain() killed between two checkpoints goes on from the last one to the same bits', () =>
  withRun(async (input, folder) => {
    const whole = await pretrain({ ...input, file: join(folder, 'whole') })
    const killed = () => {
      throw new Error('killed')
    }
    await assert.rejects(pretrain({ ...input, onStep: ({ step }) => step === 17 && killed() }), /killed/)
    assert.equal((await readCheckpoint(input.file))?.state.losses.length, 14)
    const { state, curve } = await pretrain(input)
    assert.deepEqual(state, whole.state)
    assert.deepEqual(timeless(curve), timeless(whole.curve))
    assert.deepEqual((await readdir(folder)).sort(), ['run', 'whole'])
  }))

test('pretrain() brings the loss down, and its curve tells the mean loss and the held-out loss', () =>
  withRun(async (input) => {
    const { state, curve } = await pretrain(input)
    assert.deepEqual(
      curve.map(({ step, tokens }) => [step, tokens]),
      [5, 10, 15, 20, 25, 30].map((step) => [step, step * 64]),
    )
    const since = state.losses.slice(25)
    assert.ok(Math.abs((curve[5]?.loss ?? 0) - since.reduce((sum, loss) => sum + loss, 0) / 5) < 1e-12)
    assert.ok((curve[5]?.loss ?? 9) < 0.8 * (state.losses[0] ?? 0), `${state.losses}`)
    assert.ok(Math.abs((curve[5]?.heldOut ?? 0) - (curve[5]?.loss ?? 9)) < 0.3, JSON.stringify(curve))
  }))

test('pretrain() reads the held-out loss from held-out text', () =>
  withRun(async (input) => {
    const text = { training: () => counting(1), heldOut: counting(-1) }
    const { curve } = await pretrain({ ...input, text })
    const last = curve.at(-1)
    assert.ok((last?.heldOut ?? 0) > (last?.loss ?? 9) + 0.5, JSON.stringify(curve))
  }))

test('pretrain() refuses to resume a run of other numbers or of other text, and names what differs', () =>
  withRun(async (input) => {
    await until(2, input)
    const other = { ...input, plan: { ...input.plan, learningRate: 0.01 } }
    await assert.rejects(pretrain(other), /expected learningRate 0\.02 as in its checkpoint, got 0\.01/)
    const down = { ...input, text: { training: () => counting(-1), heldOut: counting(1) } }
    await assert.rejects(pretrain(down), { code: 'pretrain.plan', message: /expected text "[0-9a-f]{64}" .* got/ })
  }))

test('pretrain() reads the text of each lesson in its stage', () =>
  withRun(async (input) => {
    const training = (lesson: string) => counting(lesson === 'copy' ? 1 : -1)
    const read = (text: PretrainInput['text'], folder: string) =>
      pretrain({ ...input, text, file: `${input.file}-${folder}` }).then(({ state }) => state.losses)
    const both = await read({ training, heldOut: counting(1) }, 'both')
    const first = await read({ training: () => counting(1), heldOut: counting(1) }, 'first')
    assert.deepEqual(both.slice(0, 20), first.slice(0, 20))
    assert.ok((both[20] ?? 0) > (first[20] ?? 9) + 0.5, `${both[20]} and ${first[20]} nats`)
  }))

/** One row that the parameters and the random stream decide. */
const someRow: Practice = (parameters, { lists, answers }, random) => {
  const prompt = [1 + random.below(20), 1 + (Math.abs(Math.round(1e6 * (parameters[7] as number))) % 20)]
  const row = { prompt, line: [3, 4], weights: [1, -1] }
  const shares = { right: lists / 100, ...(answers && { answered: answers / 100 }) }
  return Promise.resolve({ batches: practiceBatches([row]), ...shares })
}

test('pretrain() practises in the stages that say so, with the parameters of the update, to the same bits', () =>
  withRun(async (input, folder) => {
    const stages = [
      { lesson: 'copy', updates: 3, batch: 4, length: 16 },
      { lesson: 'all', updates: 2, batch: 2, length: 32, practice: 40 },
      { lesson: 'all', updates: 2, batch: 2, length: 32, practice: 40, answers: 20 },
      { lesson: 'all', updates: 2, batch: 2, length: 32 },
    ] as const
    const practised = {
      ...input,
      plan: { ...input.plan, stages },
      practice: someRow,
      pointEvery: 2,
      checkpointEvery: 3,
    }
    const whole = await pretrain({ ...practised, file: join(folder, 'whole') })
    const [none, lists, both] = [undefined, { right: 0.4 }, { right: 0.4, answered: 0.2 }]
    assert.deepEqual(whole.practised, [none, none, none, lists, lists, both, both, none, none])
    assert.deepEqual(
      whole.curve.map(({ step, right, answered }) => [step, right, answered]),
      [
        [2, undefined, undefined],
        [4, 0.4, undefined],
        [6, 0.4, 0.2],
        [8, 0.4, 0.2],
        [9, undefined, undefined],
      ],
    )
    await until(6, practised)
    const resumed = await pretrain(practised)
    assert.deepEqual(resumed.state, whole.state)
    assert.deepEqual(resumed.practised, whole.practised)
    assert.deepEqual(timeless(resumed.curve), timeless(whole.curve))
    const plain = stages.map(({ lesson, updates, batch, length }) => ({ lesson, updates, batch, length }))
    const alone = { ...practised, plan: { ...practised.plan, stages: plain }, file: join(folder, 'alone') }
    const { losses } = (await pretrain(alone)).state
    assert.deepEqual(losses.slice(0, 3), whole.state.losses.slice(0, 3))
    assert.notEqual(losses.at(-1), whole.state.losses.at(-1))
  }))

test('pretrain() keeps what a run began with where its end is the mean of both', () =>
  withRun(async (input, folder) => {
    const stages = [{ lesson: 'copy', updates: 3, batch: 4, length: 16 }] as const
    const plain = await pretrain({ ...input, plan: { ...input.plan, stages } })
    assert.equal(plain.init, undefined)
    const plan = { ...input.plan, stages, average: true } as const
    const averaged = await pretrain({ ...input, plan, file: join(folder, 'averaged') })
    assert.deepEqual(averaged.init, joinWeights(fullLayout(tinyModel), input.init))
    assert.deepEqual(averaged.state, plain.state)
    assert.deepEqual(await readCheckpoint(join(folder, 'averaged')), averaged)
  }))
