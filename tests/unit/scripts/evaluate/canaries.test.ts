import assert from 'node:assert/strict'
import { test } from 'node:test'
import { canaryFor, leaks } from '../../../../scripts/evaluate/canaries.ts'
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
