import assert from 'node:assert/strict'
import test from 'node:test'
import type { Engine, GenerateRequest, Prompt } from '../../../src/engine/contract.ts'
import { evaluateHeldOut } from '../../../src/evaluation/held-out.ts'
import { openTinyEngine } from '../../fixtures/tiny-engine.ts'

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
    tokenize: async (texts: readonly Prompt[]) => texts.map(() => [1, 2, 3]),
  }
  const examples = [
    { instruction: 'x', response: 'a b c' },
    { instruction: 'y', response: 'd e f' },
  ]
  const score = await evaluateHeldOut(examples, undefined, { engine, chat: true, maxTokens: 64, maxNewTokens: 8 })
  assert.deepEqual(score, { loss: 1, rougeL: 0.5, truncated: 0 })
})

const words = (count: number, word: string): string => ` ${word}`.repeat(count)

test("evaluateHeldOut() cuts what is longer than the model's context, and says how many", async () => {
  await using tiny = await openTinyEngine()
  const { engine, info } = tiny
  const short = { instruction: words(4, 'river'), response: words(3, 'stone') }
  const parts = { engine, chat: false, maxTokens: info.maxPositions, maxNewTokens: 4 }
  assert.equal((await evaluateHeldOut([short], undefined, parts)).truncated, 0)
  const longPrompt = { instruction: words(700, 'river'), response: words(3, 'stone') }
  const longResponse = { instruction: words(4, 'river'), response: words(700, 'stone') }
  const { loss, rougeL, truncated } = await evaluateHeldOut([short, longPrompt, longResponse], undefined, parts)
  assert.ok(loss > 0 && Number.isFinite(loss), `loss ${loss}`)
  assert.ok(rougeL >= 0 && rougeL <= 1, `ROUGE-L ${rougeL}`)
  assert.equal(truncated, 2)
})

test('evaluateHeldOut() takes the loss and the answer behind the same end of a long prompt', async () => {
  await using tiny = await openTinyEngine()
  const asked: GenerateRequest[] = []
  const engine: Pick<Engine, 'generate' | 'score' | 'tokenize'> = {
    ...tiny.engine,
    generate: (request) => {
      asked.push(request)
      return tiny.engine.generate(request)
    },
  }
  const example = { instruction: `${words(20, 'lamp')}${words(40, 'chair')}`, response: words(5, 'paper') }
  const { loss } = await evaluateHeldOut([example], undefined, { engine, chat: false, maxTokens: 24, maxNewTokens: 4 })
  const prompt = asked[0]?.prompts[0] ?? ''
  // Five tokens of the response and the end of turn.
  assert.equal(prompt.length, 24 - 6)
  const [alone] = await tiny.engine.score({ samples: [{ prompt, response: example.response }] })
  assert.equal(alone?.tokens, 6)
  assert.ok(Math.abs(loss - (alone?.loss ?? 0) / 6) < 1e-6, `${loss} and ${(alone?.loss ?? 0) / 6}`)
})

test("engine.generate() refuses a prompt longer than the model's context, and says by how much", async () => {
  await using tiny = await openTinyEngine()
  const sampling = { temperature: 0, topK: 0, topP: 1, repetitionPenalty: 1, maxNewTokens: 4, stop: [], seed: 's' }
  await assert.rejects(tiny.engine.generate({ prompts: [words(600, 'river')], sampling }), {
    code: 'generation.prompt-too-long',
    message: 'Cannot generate: expected prompt 0 to have fewer than 512 tokens, got 600',
  })
})
