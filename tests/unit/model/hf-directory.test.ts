import assert from 'node:assert/strict'
import { mkdir, mkdtemp, realpath, rename, rm, symlink, truncate, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { parseHfConfig } from '../../../src/model/hf-config.ts'
import { openCheckpoint } from '../../../src/model/open.ts'
import { writeSafetensorsHeader } from '../../../src/model/safetensors.ts'
import { expectedWeights } from '../../../src/model/weight-names.ts'

const config = {
  model_type: 'llama',
  hidden_size: 8,
  intermediate_size: 12,
  num_hidden_layers: 1,
  num_attention_heads: 2,
  num_key_value_heads: 1,
  vocab_size: 10,
  rms_norm_eps: 1e-5,
  max_position_embeddings: 64,
  tie_word_embeddings: true,
}

async function model(
  t: TestContext,
  change: { config?: object; drop?: string; reshape?: string; dtype?: string } = {},
) {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-model-'))
  t.after(() => rm(folder, { recursive: true }))
  await writeFile(join(folder, 'config.json'), JSON.stringify({ ...config, ...change.config }))
  const tensors = [...expectedWeights(parseHfConfig(config, 'config.json'))]
    .filter(([name]) => name !== change.drop)
    .map(([name, shape]) => ({
      name,
      dtype: change.dtype ?? 'F32',
      shape: name === change.reshape ? [...shape, 1] : shape,
    }))
  const width = change.dtype === 'I8' ? 1 : 4
  const bytes = tensors.reduce((sum, { shape }) => sum + shape.reduce((a, b) => a * b, width), 0)
  await writeFile(
    join(folder, 'model.safetensors'),
    Buffer.concat([writeSafetensorsHeader(tensors), Buffer.alloc(bytes, 1)]),
  )
  return folder
}

test('openCheckpoint() locates every weight and fingerprints the content, not the place', async (t) => {
  const [a, b] = [await model(t), await model(t)]
  const [first, second] = [await openCheckpoint(a, a), await openCheckpoint(b, b)]
  assert.equal(first.weights.size, 11)
  assert.equal(first.fingerprint, second.fingerprint)
  assert.equal(first.fingerprint, (await openCheckpoint(a, a)).fingerprint, 'the remembered one is the same')
  const other = await model(t, { config: { rope_theta: 500_000 } })
  assert.notEqual((await openCheckpoint(other, other)).fingerprint, first.fingerprint)
})

test('openCheckpoint() names the file, the tensor, the expected and the actual', async (t) => {
  const cases: [Parameters<typeof model>[1], RegExp][] = [
    [
      { config: { model_type: 'mamba' } },
      /config\.json: model_type: expected one of the families llama, qwen2, got "mamba"/,
    ],
    [{ config: { hidden_size: -8 } }, /config\.json: hidden_size: .*got -8/],
    [{ config: { rope_parameters: { rope_theta: -1 } } }, /config\.json: rope_parameters\.rope_theta: .*got -1/],
    [{ config: { num_key_value_heads: 3 } }, /multiple of 3 key-value heads, got 2/],
    [{ config: { rope_scaling: { type: 'yarn', factor: 4 } } }, /rope scaling: expected "default" or "llama3".*yarn/],
    [{ drop: 'model.norm.weight' }, /tensor model\.norm\.weight: expected shape \[8\], got no such tensor/],
    [
      { reshape: 'model.norm.weight' },
      /model\.safetensors: tensor model\.norm\.weight: expected shape \[8\], got \[8,1\]/,
    ],
    [{ dtype: 'I8' }, /expected F32, F16 or BF16, got I8/],
  ]
  for (const [change, message] of cases) {
    const folder = await model(t, change)
    await assert.rejects(openCheckpoint(folder, folder), message, JSON.stringify(change))
  }
  const cut = await model(t)
  await truncate(join(cut, 'model.safetensors'), 2000)
  await assert.rejects(
    openCheckpoint(cut, cut),
    /model\.safetensors: tensor .*: expected a file of at least \d+ bytes, got 2000/,
  )
  await assert.rejects(
    openCheckpoint('/nowhere', cut),
    /Cannot open \/nowhere: expected a model directory or a GGUF file, got ENOENT/,
  )
})

test('openCheckpoint() finds weights behind links, as the Hub cache lays them out', async (t) => {
  const plain = await model(t)
  const folder = await model(t)
  await mkdir(join(folder, 'blobs'))
  await mkdir(join(folder, 'snapshot'))
  for (const file of ['config.json', 'model.safetensors']) {
    await rename(join(folder, file), join(folder, 'blobs', `${file}.digest`))
    await symlink(`../blobs/${file}.digest`, join(folder, 'snapshot', file))
  }
  const linked = await openCheckpoint(join(folder, 'snapshot'), folder)
  assert.equal(linked.folder, await realpath(join(folder, 'blobs')))
  assert.equal(linked.weights.get('model.norm.weight')?.file, 'model.safetensors.digest')
  assert.equal(linked.fingerprint, (await openCheckpoint(plain, plain)).fingerprint)
})
