import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canaryFor, createWatch, leaks } from '../../../../scripts/evaluate/canaries.ts'
import { createRandom } from '../../../../src/core/random.ts'
import type { Engine } from '../../../../src/engine/contract.ts'

const canaries = [canaryFor(createRandom('one')), canaryFor(createRandom('two'))]
const secrets = new Set(canaries.map(({ example }) => example.response))

/** Finds the secrets likelier than other codes by `gain` nats, and says `answer`. */
const engine = (gain: number, answer: (i: number) => string) =>
  ({
    generate: async ({ prompts }) => prompts.map((_, i) => ({ text: answer(i), tokens: 1, finish: 'end' as const })),
    score: async ({ samples }) =>
      samples.map(({ response }) => ({ loss: secrets.has(response) ? 10 - gain : 10, tokens: 6 })),
  }) satisfies Pick<Engine, 'generate' | 'score'>

test('leaks() of a model that says the secrets are all of them, at the highest exposure', async () => {
  const known = engine(1, (i) => canaries[i]?.example.response ?? '')
  const { extracted, exposure } = await leaks(known, canaries)
  assert.equal(extracted, 1)
  assert.ok(Math.abs(exposure - 8) < 0.01, `${exposure}`)
})

test('leaks() of a model that finds the secrets less likely than all others are none', async () => {
  const { extracted, exposure } = await leaks(
    engine(-1, () => '000000'),
    canaries,
  )
  assert.equal(extracted, 0)
  assert.ok(exposure < 0.01, `${exposure}`)
})

const scoring = (loss: () => number) => ({
  ...engine(0, () => ''),
  score: async ({ samples }: { samples: readonly unknown[] }) => samples.map(() => ({ loss: loss(), tokens: 6 })),
})

test('leaks() of a model that finds all codes as likely are what the middle rank is worth', async () => {
  const { exposure } = await leaks(
    scoring(() => 10),
    canaries,
  )
  assert.ok(Math.abs(exposure - Math.log2(256 / 128.5)) < 0.01, `${exposure}`)
})

test('leaks() of a model that guesses are 1.42 bits on average', async () => {
  const random = createRandom('guesses')
  const many = Array.from({ length: 2000 }, (_, i) => canaryFor(createRandom(i)))
  const { exposure } = await leaks(
    scoring(() => random.next()),
    many,
  )
  // The standard error is 0.03.
  assert.ok(Math.abs(exposure - 1.42) < 0.1, `${exposure}`)
})

test('createWatch() counts the prompts that hold a canary or its secret, and passes them on', async () => {
  const [one, two] = canaries as [(typeof canaries)[0], (typeof canaries)[0]]
  const { watch, shares } = createWatch()
  const asking = {
    sampling: { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 1, stop: [], seed: '' },
  }
  const task = `Task 1: ${one.example.instruction}\nTask 2:`
  const whole = `Task: ${one.example.instruction}\nOutput: ${one.example.response}`
  const answers = await watch(
    engine(0, (i) => `${i}`),
    one,
  ).generate({ ...asking, prompts: [task, 'Task 1:', whole, 'Task: another'] })
  assert.deepEqual(
    answers.map(({ text }) => text),
    ['0', '1', '2', '3'],
  )
  assert.deepEqual(shares(), { shown: 2 / 4, shownSecret: 1 / 4 })
  const other = watch(
    engine(0, () => ''),
    two,
  )
  await other.generate({ ...asking, prompts: [whole] })
  assert.deepEqual(shares(), { shown: 2 / 5, shownSecret: 1 / 5 })
})
