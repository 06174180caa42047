import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openCheckpoint } from '../../../src/model/open.ts'
import { f32, type Tensor, type Typed, text, u32, writeGguf } from '../../fixtures/gguf-file.ts'
import { tinyGguf, tinyMetadata, tinyTensors } from '../../fixtures/tiny-gguf.ts'
import { tinyFolder } from '../../golden/tiny.ts'

async function folder(t: TestContext): Promise<string> {
  const path = await mkdtemp(join(tmpdir(), 'fedpit-gguf-'))
  t.after(() => rm(path, { recursive: true }))
  return path
}

async function written(t: TestContext, bytes: Buffer): Promise<string> {
  const path = join(await folder(t), 'model.gguf')
  await writeFile(path, bytes)
  return path
}

for (const family of ['llama', 'qwen2'] as const) {
  test(`openCheckpoint() of a ${family} GGUF gives the fingerprint of its Hugging Face form`, async (t) => {
    const cache = await folder(t)
    const gguf = await openCheckpoint(await written(t, tinyGguf(family)), cache)
    const original = await openCheckpoint(tinyFolder(family), cache)
    assert.deepEqual(gguf.config, original.config)
    assert.equal(gguf.fingerprint, original.fingerprint)
  })
}

test('openCheckpoint() of one GGUF by four at once gives all of them the same, and leaves no partial file', async (t) => {
  const cache = await folder(t)
  const path = await written(t, tinyGguf('llama'))
  const opened = await Promise.all(Array.from({ length: 4 }, () => openCheckpoint(path, cache)))
  assert.equal(new Set(opened.map(({ fingerprint }) => fingerprint)).size, 1)
  assert.deepEqual((await readdir(opened[0]?.folder ?? '')).sort(), ['config.json', 'model.safetensors'])
})

test('openCheckpoint() of a GGUF that is stopped half way leaves no partial file, and works the next time', async (t) => {
  const cache = await folder(t)
  const path = await written(t, tinyGguf('llama'))
  const stop = new AbortController()
  const onProgress = (done: number) => done === 5 && stop.abort()
  await assert.rejects(openCheckpoint(path, cache, { signal: stop.signal, onProgress }), { name: 'AbortError' })
  const left = await readdir(cache, { recursive: true, withFileTypes: true })
  assert.deepEqual(
    left.filter((entry) => entry.isFile()).map(({ name }) => name),
    [],
  )
  assert.match((await openCheckpoint(path, cache)).fingerprint, /^[0-9a-f]{64}$/)
})

test('openCheckpoint() refuses a GGUF that it would compute wrongly, and names the key', async (t) => {
  const cases: [Record<string, Typed>, RegExp][] = [
    [{ 'general.architecture': text('mamba') }, /expected one of the families llama, qwen2, got "mamba"/],
    [{ 'llama.rope.scaling.type': text('linear') }, /llama\.rope\.scaling\.type: expected none, got linear/],
    [{ 'llama.rope.dimension_count': u32(6) }, /llama\.rope\.dimension_count: expected the whole head, 12, got 6/],
    [
      { 'llama.block_count': u32(4_000_000) },
      /llama\.block_count: expected a whole number from 1 to 1000, got 4000000/,
    ],
    [{ 'llama.block_count': f32(2.5) }, /llama\.block_count: expected a whole number from 1 to 1000, got 2\.5/],
    [{ 'llama.block_count': u32(4) }, /tensor blk\.3\.attn_norm\.weight: expected shape \[48\], got no such tensor/],
  ]
  for (const [change, message] of cases) {
    const path = await written(t, writeGguf({ ...tinyMetadata('llama'), ...change }, tinyTensors('llama')))
    await assert.rejects(openCheckpoint(path, await folder(t)), message, JSON.stringify(change))
  }
})

test('openCheckpoint() checks the shape of rope_freqs.weight before it reads it', async (t) => {
  const divisors: Tensor = { name: 'rope_freqs.weight', shape: [200_000], values: new Float32Array(200_000).fill(1) }
  const path = await written(t, writeGguf(tinyMetadata('llama'), [...tinyTensors('llama'), divisors]))
  await assert.rejects(
    openCheckpoint(path, await folder(t)),
    /tensor rope_freqs\.weight: expected shape \[6\], got \[200000\]/,
  )
})
