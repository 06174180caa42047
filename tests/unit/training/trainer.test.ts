import assert from 'node:assert/strict'
import { test } from 'node:test'
import { createRandom } from '../../../src/core/random.ts'
import { createTrainer, type GradientStep, type TrainerInput } from '../../../src/training/trainer.ts'
import { sampleData } from '../../../src/training/training-data.ts'

/** Linear regression on the token ids of a batch; `noise` stands for dropout: it depends on the seed alone. */
const regression =
  (amount: number): GradientStep =>
  async (batch, parameters, seed) => {
    const gradient = new Float32Array(parameters.length)
    const noise = createRandom(seed)
    let loss = 0
    for (let row = 0; row < batch.rows; row++) {
      const weight = batch.weights[row] as number
      const x = Number(batch.tokens[Number(batch.positions[row])]) / 10 + amount * noise.next()
      const error = (parameters[0] as number) * x + (parameters[1] as number) - Number(batch.labels[row]) / 10
      loss += weight * error * error
      gradient[0] = (gradient[0] as number) + 2 * weight * error * x
      gradient[1] = (gradient[1] as number) + 2 * weight * error
    }
    return { loss, gradient }
  }

const samples = Array.from({ length: 13 }, (_, i) => ({
  tokens: Array.from({ length: 4 + (i % 5) }, (_, j) => 1 + ((i + j) % 7)),
  labelStart: 2,
}))
const plan = { epochs: 5, batchSize: 2, accumulate: 2, seed: 'run' }
const input: TrainerInput = {
  data: sampleData(samples, plan),
  init: Float32Array.of(0.2, -0.1),
  trained: [{ offset: 0, size: 2 }],
  options: {
    learningRate: 0.05,
    warmupSteps: 2,
    schedule: 'cosine',
    weightDecay: 0.01,
    clipNorm: 1,
    seed: 'run',
  },
  gradientStep: regression(0.01),
}

async function finish(trainer: ReturnType<typeof createTrainer>) {
  while (!trainer.done()) await trainer.step()
  return trainer.state()
}

test('trainer.step() brings the loss down over a run', async () => {
  const { losses } = await finish(createTrainer(input))
  assert.equal(losses.length, 20)
  const mean = (part: readonly number[]) => part.reduce((sum, loss) => sum + loss, 0) / part.length
  assert.ok(mean(losses.slice(-4)) < mean(losses.slice(0, 4)), losses.join(' '))
})

test('createTrainer() resumed from any update gives the same bits as a run that never stopped', async () => {
  const whole = await finish(createTrainer(input))
  for (const stop of [1, 7, 19, 20]) {
    const first = createTrainer(input)
    for (let i = 0; i < stop; i++) await first.step()
    const resumed = await finish(createTrainer({ ...input, resume: structuredClone(first.state()) }))
    assert.deepEqual(resumed, whole, `stopped after ${stop} updates`)
  }
})

test('trainer.step() with accumulation equals one batch of all its samples', async () => {
  const options = { ...input.options, schedule: 'constant' as const }
  const one = (batchSize: number, accumulate: number) => {
    const data = sampleData(samples, { ...plan, epochs: 1, batchSize, accumulate })
    return createTrainer({ ...input, data, options, gradientStep: regression(0) })
  }
  const [whole, parts] = [one(13, 1), one(3, 5)]
  const [a, b] = [await whole.step(), await parts.step()]
  assert.equal(a.tokens, b.tokens)
  assert.ok(Math.abs(a.loss - b.loss) < 1e-6 * a.loss, `${a.loss} ${b.loss}`)
  assert.ok(Math.abs(a.gradientNorm - b.gradientNorm) < 1e-6 * a.gradientNorm, `${a.gradientNorm} ${b.gradientNorm}`)
})

test('trainer.step() leaves what is not trained untouched', async () => {
  const full = input.gradientStep
  const onlyLast: GradientStep = async (batch, parameters, seed) => {
    const { loss, gradient } = await full(batch, parameters, seed)
    return { loss, gradient: gradient.slice(1) }
  }
  const trained = [{ offset: 1, size: 1 }]
  const { parameters } = await finish(createTrainer({ ...input, trained, gradientStep: onlyLast }))
  assert.equal(parameters[0], Float32Array.of(0.2)[0])
  assert.notEqual(parameters[1], Float32Array.of(-0.1)[0])
})

test('sampleData() refuses no samples', () => {
  assert.throws(() => sampleData([], plan), { code: 'training.no-samples' })
})

test('createTrainer() refuses a checkpoint of another run', () => {
  const state = { ...createTrainer(input).state(), m: new Float32Array(5) }
  assert.throws(
    () => createTrainer({ ...input, resume: state }),
    /expected 2 parameters, 2 and 2 moments.* got 2 parameters, 5 and 2 moments/,
  )
})

test('sampleData() and createTrainer() refuse options that mean nothing, by name', () => {
  const refusal = (name: string, value: number) => new RegExp(`expected ${name} to be .* got ${value}`)
  for (const [name, value] of Object.entries({ epochs: 0, batchSize: 1.5, accumulate: 0 })) {
    assert.throws(() => sampleData(samples, { ...plan, [name]: value }), refusal(name, value))
  }
  for (const [name, value] of Object.entries({ warmupSteps: -1, learningRate: Number.NaN, clipNorm: 0 })) {
    const options = { ...input.options, [name]: value }
    assert.throws(() => createTrainer({ ...input, options }), refusal(name, value))
  }
})
