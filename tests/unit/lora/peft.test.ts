import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import fc from 'fast-check'
import { createRandom } from '../../../src/core/random.ts'
import { linears } from '../../../src/lora/adapter.ts'
import { adapterLayout } from '../../../src/lora/layout.ts'
import { readPeftAdapter, writePeftAdapter } from '../../../src/lora/peft.ts'
import { readSafetensorsHeader, writeSafetensorsHeader } from '../../../src/model/safetensors.ts'
import { tinyModel } from '../../fixtures/tiny-config.ts'

async function temporaryFolder() {
  const path = await mkdtemp(join(tmpdir(), 'fedpit-peft-'))
  return { path, [Symbol.asyncDispose]: () => rm(path, { recursive: true }) }
}

const config = { rank: 3, alpha: 6, targets: ['q', 'down'], rslora: false } as const
const adapterOf = (seed: number, lora: Parameters<typeof adapterLayout>[0] = config) => {
  const random = createRandom(seed)
  const { total } = adapterLayout(lora, tinyModel)
  return { config: lora, parameters: Float32Array.from({ length: total }, () => random.normal()) }
}

test('readPeftAdapter() gives back exactly what writePeftAdapter() wrote, for any configuration', async () => {
  const configs = fc.record(
    {
      rank: fc.integer({ min: 1, max: 5 }),
      alpha: fc.integer({ min: 1, max: 32 }),
      targets: fc.subarray([...linears], { minLength: 1 }),
      rslora: fc.boolean(),
    },
    { noNullPrototype: true },
  )
  await using folder = await temporaryFolder()
  await fc.assert(
    fc.asyncProperty(configs, fc.integer(), async (lora, seed) => {
      const adapter = adapterOf(seed, lora)
      await writePeftAdapter(folder.path, adapter, tinyModel, 'base')
      assert.deepEqual(await readPeftAdapter(folder.path, tinyModel), adapter)
    }),
    { numRuns: 20 },
  )
})

test('writePeftAdapter() stores A as [rank, in] and B as [out, rank]', async () => {
  await using folder = await temporaryFolder()
  const adapter = adapterOf(1)
  await writePeftAdapter(folder.path, adapter, tinyModel, 'base')
  const path = join(folder.path, 'adapter_model.safetensors')
  const entries = await readSafetensorsHeader(path)
  const a = entries.find(({ name }) => name === 'base_model.model.model.layers.1.mlp.down_proj.lora_A.weight')
  const b = entries.find(({ name }) => name === 'base_model.model.model.layers.1.mlp.down_proj.lora_B.weight')
  assert.deepEqual(
    [a?.shape, b?.shape],
    [
      [3, 20],
      [12, 3],
    ],
  )
  const factor = adapterLayout(config, tinyModel).factors.find(({ name }) => name === '1.down.A')
  const bytes = await readFile(path)
  // Element [2, 5] of the stored matrix is element [5, 2] of ours.
  const stored = bytes.readFloatLE((a?.offset as number) + 4 * (2 * 20 + 5))
  assert.equal(stored, adapter.parameters[(factor?.offset as number) + 5 * 3 + 2])
})

test('readPeftAdapter() names the tensor, the expected and the actual shape', async () => {
  await using folder = await temporaryFolder()
  await writePeftAdapter(folder.path, adapterOf(1), tinyModel, 'base')
  await assert.rejects(
    readPeftAdapter(folder.path, { ...tinyModel, hiddenSize: 16 }),
    /Cannot read tensor .*layers\.0\.self_attn\.q_proj\.lora_A\.weight of .*: expected shape \[3,16\], got \[3,12\]/,
  )
  await assert.rejects(readPeftAdapter(folder.path, { ...tinyModel, layers: 3 }), /layers\.2.*got none/)
  await assert.rejects(readPeftAdapter(folder.path, { ...tinyModel, layers: 1 }), /expected no tensor .*layers\.1/)
})

test('readPeftAdapter() reads halves', async () => {
  await using folder = await temporaryFolder()
  const model = { ...tinyModel, layers: 1 }
  const lora = { ...config, targets: ['q'] as const, rank: 1 }
  await writePeftAdapter(folder.path, { config: lora, parameters: new Float32Array(28) }, model, 'base')
  const path = join(folder.path, 'adapter_model.safetensors')
  const prefix = 'base_model.model.model.layers.0.self_attn.q_proj.lora_'
  const tensors = [
    { name: `${prefix}A.weight`, dtype: 'F16', shape: [1, 12] },
    { name: `${prefix}B.weight`, dtype: 'BF16', shape: [16, 1] },
  ]
  const values = Uint16Array.from([...Array(12).fill(0x3c00 + 512), ...Array(16).fill(0xc060)])
  await writeFile(path, Buffer.concat([writeSafetensorsHeader(tensors), new Uint8Array(values.buffer)]))
  const { parameters } = await readPeftAdapter(folder.path, model)
  assert.deepEqual([...parameters], [...Array(12).fill(1.5), ...Array(16).fill(-3.5)])
})

test('readPeftAdapter() refuses what it would compute differently, with the value it got', async () => {
  await using folder = await temporaryFolder()
  await writePeftAdapter(folder.path, adapterOf(1), tinyModel, 'base')
  const path = join(folder.path, 'adapter_config.json')
  const good = JSON.parse(await readFile(path, 'utf8')) as Record<string, unknown>
  const changes = {
    use_dora: true,
    bias: 'all',
    rank_pattern: { q_proj: 4 },
    peft_type: 'IA3',
    modules_to_save: ['lm_head'],
    target_modules: ['q_proj', 'embed_tokens'],
    r: 0,
  }
  for (const [key, value] of Object.entries(changes)) {
    await writeFile(path, JSON.stringify({ ...good, [key]: value }))
    await assert.rejects(readPeftAdapter(folder.path, tinyModel), { code: 'peft.config' }, key)
    await assert.rejects(readPeftAdapter(folder.path, tinyModel), new RegExp(`adapter_config.json: ${key}`), key)
  }
})

test('readPeftAdapter() says what is missing in an empty folder', async () => {
  await using folder = await temporaryFolder()
  await assert.rejects(readPeftAdapter(folder.path, tinyModel), /expected a PEFT adapter, got ENOENT/)
})
