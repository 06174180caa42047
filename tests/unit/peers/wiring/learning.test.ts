import assert from 'node:assert/strict'
import { writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import test from 'node:test'
import type { PeerEventBody } from '../../../../peers/events.ts'
import { createLearning, learnFrom } from '../../../../peers/wiring/learning.ts'
import type { Engine, ModelInfo } from '../../../../src/engine/contract.ts'
import { peerFileSchema } from '../../../../src/lab/peer-file.ts'
import { openTinyEngine } from '../../../fixtures/tiny-engine.ts'

test('learnFrom() refuses more tokens than the model has positions for, before anything is generated', () => {
  const plan = peerFileSchema.parse({ name: 'clinic', data: 'x', fedpit: { training: { maxTokens: 66 } } })
  const model = { name: 'tiny', maxPositions: 64, hasChatTemplate: false } as ModelInfo
  const parts = {
    name: 'clinic',
    engine: {} as Engine,
    home: { keepSynthetic: async () => {}, newestSynthetic: async () => [] },
    publish: () => {},
  }
  const learn = (maxPositions: number) =>
    learnFrom({ train: [], heldOut: [] }, { ...parts, plan, model: { ...model, maxPositions } })
  assert.throws(() => learn(64), {
    code: 'plan.max-tokens',
    message: 'Cannot train: expected fedpit.training.maxTokens to be at most 65 for model tiny, got 66',
  })
  assert.equal(learn(65).examples, 0)
})

test("createLearning() evaluates held-out examples longer than the peer's token limit, and tells of it once", async () => {
  await using tiny = await openTinyEngine()
  const data = join(tiny.folder, 'data.jsonl')
  const long = (word: string) => ({ instruction: ` ${word}`.repeat(600), response: ' paper garden window' })
  await writeFile(data, ['river', 'stone'].map((word) => `${JSON.stringify(long(word))}\n`).join(''))
  const plan = peerFileSchema.parse({
    ...{ name: 'clinic', data },
    fedpit: { training: { maxTokens: 64 } },
    evaluation: { heldOut: 0.5, maxNewTokens: 4 },
  })
  const events: PeerEventBody[] = []
  const learning = await createLearning({
    ...{ name: 'clinic', data, plan, engine: tiny.engine, model: tiny.info },
    home: { keepSynthetic: async () => {}, newestSynthetic: async () => [] },
    publish: (event) => events.push(event),
  })
  for (const adapter of [undefined, undefined]) {
    const figures = await learning.evaluate(adapter, new AbortController().signal)
    assert.deepEqual(Object.keys(figures ?? {}), ['loss', 'rougeL'])
    assert.ok(Number.isFinite(figures?.loss), `loss ${figures?.loss}`)
  }
  const message = 'Cut 1 of 1 held-out examples to 64 tokens, as training does'
  assert.deepEqual(events, [{ type: 'warning', code: 'evaluation.truncated', message }])
})
