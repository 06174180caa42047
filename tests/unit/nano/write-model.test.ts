import assert from 'node:assert/strict'
import { mkdir, mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { fromBfloat16, toBfloat16 } from '../../../src/core/bfloat16.ts'
import { readWeight } from '../../../src/generation/read-weight.ts'
import type { ModelConfig } from '../../../src/model/config.ts'
import { formatHfConfig, parseHfConfig } from '../../../src/model/hf-config.ts'
import { openCheckpoint } from '../../../src/model/open.ts'
import { newWeights } from '../../../src/nano/new-model.ts'
import { trainBytePairs } from '../../../src/nano/tokenizer/train-bpe.ts'
import { writeModel } from '../../../src/nano/write-model.ts'
import { openTokenizer } from '../../../src/tokenizer/open.ts'
import { smallConfig, texts, writeNewModel } from '../../fixtures/new-model.ts'

async function temporary(t: TestContext): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-write-model-'))
  t.after(() => rm(folder, { recursive: true }))
  return folder
}

const llama3 = { factor: 8, lowFrequencyFactor: 1, highFrequencyFactor: 4, originalMaxPositions: 32 }
const configs: Record<string, ModelConfig> = {
  llama: smallConfig,
  'llama, untied, with scaled positions': { ...smallConfig, tiedHead: false, rope: { theta: 500_000, llama3 } },
  qwen2: { ...smallConfig, family: 'qwen2', qkvBias: true },
}

for (const [name, config] of Object.entries(configs)) {
  test(`formatHfConfig() says the same of ${name} to transformers 4, which knows no rope_parameters`, () => {
    const { rope_parameters: _, ...older } = formatHfConfig(config)
    assert.deepEqual(parseHfConfig(older, 'config.json'), config)
  })

  test(`openCheckpoint() reads what writeModel() wrote of ${name}: configuration and every weight`, async (t) => {
    const folder = await temporary(t)
    for (const type of ['f32', 'bf16'] as const) {
      await writeNewModel(join(folder, type), type, config)
      const checkpoint = await openCheckpoint(join(folder, type), folder)
      assert.deepEqual(checkpoint.config, config)
      for (const [weight, values] of newWeights(config, 1)) {
        const location = checkpoint.weights.get(weight)
        assert.equal(location?.type, type)
        const expected = type === 'f32' ? values : fromBfloat16(toBfloat16(values))
        assert.deepEqual(await readWeight(checkpoint.folder, location), expected, weight)
      }
    }
  })
}

test('openTokenizer() reads what writeModel() wrote, and writeModel() leaves nothing beside the folder', async (t) => {
  const folder = await temporary(t)
  await writeNewModel(join(folder, 'model'), 'bf16')
  const tokenizer = await openTokenizer(join(folder, 'model'))
  assert.deepEqual([tokenizer.vocabSize, tokenizer.bos, tokenizer.ends], [300, 0, [2, 0]])
  assert.equal(tokenizer.hasChatTemplate, true)
  assert.deepEqual(await readdir(folder), ['model'])
  assert.deepEqual((await readdir(join(folder, 'model'))).sort(), [
    'config.json',
    'generation_config.json',
    'model.safetensors',
    'tokenizer.json',
    'tokenizer_config.json',
  ])
})

test('writeModel() refuses a folder that is there, and weights that are missing or of another size', async (t) => {
  const folder = await temporary(t)
  await mkdir(join(folder, 'there'))
  await assert.rejects(writeNewModel(join(folder, 'there'), 'f32'), { code: 'model.exists' })
  const files = trainBytePairs(texts, smallConfig.vocabSize)
  const write = (weights: ReadonlyMap<string, Float32Array>) =>
    writeModel(join(folder, 'new'), smallConfig, files, weights, 'f32')
  const weights = newWeights(smallConfig, 1)
  await assert.rejects(
    write(new Map(weights).set('model.norm.weight', new Float32Array(11))),
    /weight model\.norm\.weight: expected 12 values, got 11$/,
  )
  weights.delete('model.norm.weight')
  await assert.rejects(write(weights), /weight model\.norm\.weight: expected 12 values, got none$/)
  assert.deepEqual(await readdir(folder), ['there'])
})
