/** Whatever the bytes, a model file is read or refused with a typed error: no crash, no hang, no large allocation. */
import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { after } from 'node:test'
import fc from 'fast-check'
import { FedpitError } from '../../../src/core/errors.ts'
import { parseGguf } from '../../../src/model/gguf/read.ts'
import { openCheckpoint } from '../../../src/model/open.ts'
import { openTokenizer } from '../../../src/tokenizer/open.ts'
import { f32, type Typed, text, u32, writeGguf } from '../../fixtures/gguf-file.ts'
import { tinyMetadata, tinyTensors } from '../../fixtures/tiny-gguf.ts'

const folder = mkdtempSync(join(tmpdir(), 'fedpit-hostile-'))
after(() => rmSync(folder, { recursive: true }))

const model: Record<string, Typed> = {
  ...tinyMetadata('llama'),
  'tokenizer.ggml.model': text('gpt2'),
  'tokenizer.ggml.pre': text('smollm'),
  'tokenizer.ggml.tokens': { type: 'texts', value: ['<s>', '</s>', 'a', 'b', 'ab', '__proto__'] },
  'tokenizer.ggml.token_type': { type: 'i32s', value: [3, 3, 1, 1, 1, 1] },
  'tokenizer.ggml.merges': { type: 'texts', value: ['a b'] },
  'tokenizer.ggml.bos_token_id': u32(0),
  'tokenizer.ggml.eos_token_id': u32(1),
  'tokenizer.chat_template': text('{% for m in messages %}{{ m.content }}{% endfor %}'),
}
/** The same with pieces and scores. */
const pieces: Record<string, Typed> = {
  ...model,
  'tokenizer.ggml.model': text('llama'),
  'tokenizer.ggml.tokens': { type: 'texts', value: ['<unk>', '</s>', 'a', 'b', 'ab', '__proto__'] },
  'tokenizer.ggml.token_type': { type: 'i32s', value: [2, 3, 1, 1, 1, 1] },
  'tokenizer.ggml.scores': { type: 'i32s', value: [0, 0, -2, -3, -1, -4] },
}
const tensors = tinyTensors('llama')
const whole = writeGguf(model, tensors)
const headerBytes = whole.length - tensors.reduce((sum, { values }) => sum + Math.ceil(values.byteLength / 32) * 32, 0)

/** Runs `read`, which may only succeed or refuse, within 5 s and 100 MB. */
async function readsOrRefuses(read: () => unknown): Promise<void> {
  const [started, before] = [performance.now(), process.memoryUsage().rss]
  try {
    await read()
  } catch (error) {
    assert.ok(
      error instanceof FedpitError,
      `expected a FedpitError, got ${error instanceof Error ? error.stack : error}`,
    )
    assert.equal(error.family, 'input')
    assert.ok(error.message.length < 2000, `expected a message to read, got ${error.message.length} characters`)
  }
  assert.ok(performance.now() - started < 5000, 'expected an answer within 5 s')
  assert.ok(process.memoryUsage().rss - before < 100e6, 'expected less than 100 MB for a file of 300 KB')
}

async function opens(bytes: Buffer): Promise<void> {
  const path = join(folder, 'model.gguf')
  writeFileSync(path, bytes)
  await readsOrRefuses(() => openCheckpoint(path, join(folder, 'cache')))
  await readsOrRefuses(() => openTokenizer(path))
}

test('openCheckpoint() and openTokenizer() open the file that the others are made from', async () => {
  const path = join(folder, 'whole.gguf')
  writeFileSync(path, whole)
  assert.equal((await openCheckpoint(path, join(folder, 'cache'))).config.layers, 3)
  const tokenizer = await openTokenizer(path)
  assert.deepEqual(tokenizer.encode('ab'), [4])
  assert.equal(tokenizer.decode([2, 3, 5]), 'ab__proto__')
})

test('a GGUF file with any value under any of its keys is opened or refused', async () => {
  const number = fc.oneof(fc.nat(200), fc.constantFrom(0, 1000, 4_000_000, 0x7fffffff, 0xffffffff))
  const value: fc.Arbitrary<Typed> = fc.oneof(
    number.map(u32),
    fc.float().map(f32),
    fc.oneof(fc.string(), fc.constantFrom('qwen2', 'llama-bpe', '{% for %}', '{{ x.y.z }}')).map(text),
    fc.array(fc.string(), { maxLength: 8 }).map((items): Typed => ({ type: 'texts', value: items })),
    fc.array(fc.integer({ min: -5, max: 9 }), { maxLength: 8 }).map((items): Typed => ({ type: 'i32s', value: items })),
  )
  const keys = [...Object.keys(pieces), 'general.alignment', 'llama.attention.key_length', 'llama.rope.scaling.type']
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(model, pieces),
      fc.dictionary(fc.constantFrom(...keys), value, { minKeys: 1, maxKeys: 3 }),
      async (base, changes) => opens(writeGguf({ ...base, ...changes }, tensors)),
    ),
    { numRuns: 200 },
  )
})

test('a GGUF file with bytes of its header changed, or cut short, is opened or refused', async () => {
  const byte = fc.oneof(fc.constantFrom(0, 1, 0x7f, 0x80, 0xff), fc.nat(255))
  const changes = fc.array(fc.tuple(fc.nat(headerBytes - 1), byte), { maxLength: 6 })
  const length = fc.option(fc.nat(whole.length - 1), { nil: whole.length, freq: 4 })
  await fc.assert(
    fc.asyncProperty(changes, length, async (mutations, cut) => {
      const bytes = Buffer.from(whole)
      for (const [at, to] of mutations) bytes[at] = to
      await opens(bytes.subarray(0, cut))
    }),
    { numRuns: 150 },
  )
})

test('parseGguf() refuses an array that is longer than a vocabulary before it makes room for it', async () => {
  const claimed = 60_000_000
  const head = writeGguf({ k: { type: 'i32s', value: [] } })
  const at = head.indexOf('k') + 1 + 4 + 4
  const bytes = Buffer.concat([head, Buffer.alloc(claimed)])
  bytes.writeBigUInt64LE(BigInt(claimed), at)
  await readsOrRefuses(() => parseGguf(bytes, bytes.length, 'x'))
  assert.throws(() => parseGguf(bytes, bytes.length, 'x'), /expected an array of at most 4194304 values, got 60000000/)
})
