/** FedPIT with the built-in model on trades that it has never seen: a round, and what self-generation alone writes. */
import assert from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { after, before, test } from 'node:test'
import { builtIn } from '../../src/cli/models/built-in.ts'
import { createRandom } from '../../src/core/random.ts'
import { readExamples } from '../../src/data/read-examples.ts'
import { holdOut } from '../../src/data/split.ts'
import type { ModelInfo } from '../../src/engine/contract.ts'
import { machineChecks } from '../../src/engine/devices/machine-checks.ts'
import { createLocalEngine } from '../../src/engine/local-engine.ts'
import { evaluateHeldOut } from '../../src/evaluation/held-out.ts'
import { createSimilarityFilter, wholeText } from '../../src/fedpit/filters.ts'
import { fedPitSchema } from '../../src/fedpit/hyper-parameters.ts'
import { isolatedRound, personalise } from '../../src/fedpit/isolated-round.ts'
import { selfGenerate } from '../../src/fedpit/self-generation.ts'
import { asGlobal, type GlobalAdapter } from '../../src/lora/adapter.ts'
import { adapterLayout } from '../../src/lora/layout.ts'

const settings = fedPitSchema.parse({
  candidates: 6,
  keep: 4,
  demonstrationTokens: 640,
  instructionTokens: 72,
  responseTokens: 48,
  training: { epochs: 4, batchSize: 8, maxTokens: 128, learningRate: 0.005 },
})
const cacheFolder = await mkdtemp(join(tmpdir(), 'fedpit-nano-'))
const engine = createLocalEngine({ cacheFolder, checks: machineChecks(cacheFolder) })
let info: ModelInfo
let start: GlobalAdapter

before(async () => {
  info = await engine.open({ name: 'nano', path: builtIn.path, device: 'cpu', decode: 'f32', threads: 2 })
  const lora = { rank: 8, alpha: 16, targets: ['q', 'v', 'up', 'down'], rslora: false } as const
  start = asGlobal(await engine.createAdapter(lora, 'seed'))
})
after(async () => {
  await engine.close()
  await rm(cacheFolder, { recursive: true })
})

const roundParts = () => ({ engine, maxPositions: info.maxPositions })
const examplesOf = async (trade: string) => (await readExamples(`src/lab/examples/nano/${trade}.jsonl`)).examples

test('isolatedRound() teaches nano a trade, shares B alone and copies no private example', async () => {
  const { train, heldOut } = holdOut(await examplesOf('school'), 0.2, createRandom('round'))
  const input = { examples: train, settings, chat: info.hasChatTemplate, seed: 'round' }
  const { global, synthetic, report } = await isolatedRound({ ...input, global: start, shared: 'B' }, roundParts())
  const local = await personalise({ ...input, global, synthetic }, { engine })
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

test('selfGenerate() writes something new from a few private examples of nano', async () => {
  const { candidates, tried, rejected } = await selfGenerate((await examplesOf('clinic')).slice(0, 8), undefined, {
    ...roundParts(),
    settings: { ...settings, candidates: 2 },
    random: createRandom('few'),
  })
  assert.ok(candidates.length >= 1, JSON.stringify({ tried, rejected }))
})
