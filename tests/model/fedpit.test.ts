/** One round of FedPIT with the real model: what self-generation writes, what isolation leaves alone, what it teaches. */
import assert from 'node:assert/strict'
import { after, before, test } from 'node:test'
import { createRandom } from '../../src/core/random.ts'
import { readExamples } from '../../src/data/read-examples.ts'
import { holdOut } from '../../src/data/split.ts'
import type { Engine, ModelInfo } from '../../src/engine/contract.ts'
import { startEngine } from '../../src/engine/start.ts'
import { evaluateHeldOut } from '../../src/evaluation/held-out.ts'
import { createSimilarityFilter, wholeText } from '../../src/fedpit/filters.ts'
import { fedPitSchema } from '../../src/fedpit/hyper-parameters.ts'
import { isolatedRound } from '../../src/fedpit/isolated-round.ts'
import { selfGenerate } from '../../src/fedpit/self-generation.ts'
import { asGlobal, type GlobalAdapter } from '../../src/lora/adapter.ts'
import { adapterLayout } from '../../src/lora/layout.ts'
import { cacheFolder, modelAbsent, modelPath } from '../golden/model-path.ts'

const skip = modelAbsent
const settings = fedPitSchema.parse({
  candidates: 4,
  keep: 3,
  instructionTokens: 32,
  responseTokens: 48,
  training: { epochs: 2, batchSize: 4, maxTokens: 192 },
})
const engine: Engine = startEngine({ cacheFolder })
let info: ModelInfo
let start: GlobalAdapter

before(async () => {
  if (skip !== false) return
  info = await engine.open({ path: modelPath, device: 'cpu', decode: 'f32', threads: 2 })
  start = asGlobal(await engine.createAdapter({ rank: 4, alpha: 8, targets: ['q', 'v'], rslora: false }, 'seed'))
})
after(() => engine.close())

test('isolatedRound() teaches SmolLM2 a trade, shares B alone and copies no private example', { skip }, async () => {
  const file = new URL('../../src/lab/examples/school.jsonl', import.meta.url).pathname
  const { train, heldOut } = holdOut((await readExamples(file)).examples, 0.15, createRandom('round'))
  const { global, local, synthetic, report } = await isolatedRound(
    { examples: train.slice(0, 20), global: start, shared: 'B', settings, chat: info.hasChatTemplate, seed: 'round' },
    { engine },
  )
  const rejected = Object.values(report.rejected).reduce((sum, count) => sum + count, 0)
  assert.ok(report.kept >= 1 && report.kept === synthetic.length, JSON.stringify(report))
  assert.ok(report.tried <= report.kept + rejected + settings.candidates, JSON.stringify(report))

  const own = createSimilarityFilter(train.map(wholeText))
  for (const example of synthetic) assert.ok(own.nearest(wholeText(example)) <= 0.7, wholeText(example))

  for (const { name, part, offset, size } of adapterLayout(start.config, info.config).factors) {
    const moved = global.parameters.subarray(offset, offset + size).some((x, i) => x !== start.parameters[offset + i])
    assert.equal(moved, part === 'B', name)
  }

  const parts = { engine, chat: info.hasChatTemplate, maxTokens: 512, maxNewTokens: 16 }
  const base = await evaluateHeldOut(heldOut, undefined, parts)
  const tuned = await evaluateHeldOut(heldOut, local, parts)
  assert.ok(tuned.loss < 0.8 * base.loss, `held-out loss ${base.loss} -> ${tuned.loss}`)
})

test('selfGenerate() writes something new from two private examples', { skip }, async () => {
  const examples = [
    { instruction: 'Which tea helps with a cold?', response: 'Try thyme tea, three cups a day.' },
    { instruction: 'Which tea is good before going to bed?', response: 'Try balm tea, one cup at nine.' },
  ]
  const { candidates, tried, rejected } = await selfGenerate(examples, undefined, {
    engine,
    settings: { ...settings, candidates: 2 },
    random: createRandom('two'),
  })
  assert.ok(candidates.length >= 1, JSON.stringify({ tried, rejected }))
})
