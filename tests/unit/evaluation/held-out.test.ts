import assert from 'node:assert/strict'
import test from 'node:test'
import { evaluateHeldOut } from '../../../src/evaluation/held-out.ts'

test('evaluateHeldOut() is the loss a token over all responses, and the mean ROUGE-L', async () => {
  const engine = {
    score: async () => [
      { loss: 6, tokens: 2 },
      { loss: 2, tokens: 6 },
    ],
    generate: async () => [
      { text: 'a b c', tokens: 3, finish: 'end' as const },
      { text: 'nothing alike', tokens: 2, finish: 'end' as const },
    ],
  }
  const examples = [
    { instruction: 'x', response: 'a b c' },
    { instruction: 'y', response: 'd e f' },
  ]
  const score = await evaluateHeldOut(examples, undefined, { engine, chat: true, maxNewTokens: 8 })
  assert.deepEqual(score, { loss: 1, rougeL: 0.5 })
})
