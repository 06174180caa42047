/** The real model behind its own process: text in, text out, trained, resumed, aborted, and a parent that stays awake. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import type { Engine, Sample, Sampling, TrainOptions, TrainRequest } from '../../src/engine/contract.ts'
import { startEngine } from '../../src/engine/start.ts'
import type { Adapter } from '../../src/lora/adapter.ts'
import { cacheFolder, modelAbsent, modelPath } from '../golden/model-path.ts'

const skip = modelAbsent
const greedy: Sampling = {
  temperature: 0,
  topK: 0,
  topP: 1,
  repetitionPenalty: 1,
  maxNewTokens: 12,
  stop: [],
  seed: 's',
}
const samples: Sample[] = ['lamp', 'chair', 'kettle', 'clock', 'mirror', 'carpet'].map((thing, i) => ({
  prompt: [{ role: 'user', content: `What does the shop say about the ${thing}?` }],
  response: `The ${thing} is in aisle ${i + 1}, next to the blue door.`,
}))
const options: TrainOptions = {
  epochs: 2,
  batchSize: 2,
  accumulate: 1,
  maxTokens: 128,
  learningRate: 2e-3,
  warmupSteps: 1,
  schedule: 'cosine',
  weightDecay: 0.01,
  clipNorm: 1,
  dropout: 0.05,
  trainable: 'AB',
  seed: 'engine test',
}
const engine: Engine = startEngine({ cacheFolder })
let init: Adapter

before(async () => {
  if (skip !== false) return
  await engine.open({ path: modelPath, device: 'cpu', decode: 'f32', threads: 2 })
  init = await engine.createAdapter({ rank: 4, alpha: 8, targets: ['q', 'v'], rslora: false }, 'seed')
})
after(() => engine.close())

const perToken = async (adapter?: Adapter): Promise<number> => {
  const scores = await engine.score(adapter === undefined ? { samples } : { samples, adapter })
  return scores.reduce((sum, { loss }) => sum + loss, 0) / scores.reduce((sum, { tokens }) => sum + tokens, 0)
}

test('engine.generate() answers through the chat template and streams what it answers', { skip }, async () => {
  const prompts = [[{ role: 'user' as const, content: 'What is the capital of France?' }]]
  let streamed = ''
  const [completion] = await engine.generate({ prompts, sampling: greedy }, undefined, ({ text }) => {
    streamed += text
  })
  assert.match(completion?.text ?? '', /Paris/)
  assert.equal(streamed, completion?.text)
})

test('a fresh adapter changes no score, and training brings the score down', { skip }, async () => {
  const base = await perToken()
  assert.ok(Math.abs((await perToken(init)) - base) < 1e-5)
  const steps: number[] = []
  const { adapter, losses, tokens, truncated } = await engine.train({ samples, init, options }, undefined, (event) => {
    steps.push(event.step)
  })
  assert.deepEqual(steps, [1, 2, 3, 4, 5, 6])
  assert.equal(losses.length, 6)
  assert.equal(truncated, 0)
  assert.ok(tokens.labelled < tokens.fed && tokens.fed <= tokens.computed)
  const tuned = await perToken(adapter)
  assert.ok(tuned < 0.7 * base, `${tuned} after ${base}`)
})

test('engine.train() resumed from a checkpoint ends with the same bits', { skip }, async () => {
  let checkpoint: TrainRequest['resume']
  const whole = await engine.train({ samples, init, options, checkpointEvery: 2 }, undefined, (event) => {
    if (event.step === 4) checkpoint = event.checkpoint
  })
  assert.ok(checkpoint !== undefined)
  const resumed = await engine.train({ samples, init, options, resume: checkpoint })
  assert.deepEqual(resumed.losses, whole.losses)
  assert.deepEqual(resumed.adapter.parameters, whole.adapter.parameters)
})
test('engine.train() with A frozen changes B alone', { skip }, async () => {
  const frozen = { ...options, epochs: 1, dropout: 0, trainable: 'B' as const }
  const { adapter } = await engine.train({ samples, init, options: frozen })
  // Layer 0, query: A is [576, 4] and comes first, then B [4, 576].
  const size = 576 * 4
  assert.deepEqual(adapter.parameters.slice(0, size), init.parameters.slice(0, size))
  assert.notDeepEqual(adapter.parameters.slice(size, 2 * size), init.parameters.slice(size, 2 * size))
})

test('an abort stops training after the step under way, and the parent does not wait for steps', { skip }, async () => {
  const abort = new AbortController()
  let [last, worst] = [performance.now(), 0]
  const timer = setInterval(() => {
    const now = performance.now()
    worst = Math.max(worst, now - last)
    last = now
  }, 5)
  const at = [performance.now()]
  const training = engine.train({ samples, init, options }, abort.signal, () => {
    at.push(performance.now())
    if (at.length === 4) abort.abort(new Error('stop'))
  })
  await assert.rejects(training, /stop/)
  clearInterval(timer)
  // The step that begins while the abort is on its way is finished; none comes after it.
  assert.ok(at.length <= 5, `${at.length - 1} steps`)
  const step = Math.min(...at.slice(1).map((end, i) => end - (at[i] as number)))
  assert.ok(worst < Math.max(200, step / 2), `the parent was blocked for ${worst} ms, a step takes ${step} ms`)
})

test(
  'engine.train() cuts long samples and says how many, and refuses more tokens than the model takes',
  { skip },
  async () => {
    const short = { ...options, epochs: 1, maxTokens: 24, dropout: 0 }
    const { truncated, tokens } = await engine.train({ samples, init, options: short })
    assert.equal(truncated, samples.length)
    assert.equal(tokens.fed, samples.length * 23)
    await assert.rejects(engine.train({ samples, init, options: { ...short, maxTokens: 1e6 } }), /maxTokens/)
  },
)
