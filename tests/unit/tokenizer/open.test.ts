import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import test, { type TestContext } from 'node:test'
import { openTokenizer } from '../../../src/tokenizer/open.ts'
import { tinyTokenizer } from '../../fixtures/tiny-tokenizer.ts'

const tokenizer = tinyTokenizer({ '</s>': 4 })

async function directory(t: TestContext, files: Readonly<Record<string, unknown>>): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-tokenizer-'))
  t.after(() => rm(folder, { recursive: true }))
  for (const [name, value] of Object.entries(files)) await writeFile(join(folder, name), JSON.stringify(value))
  return folder
}

test('openTokenizer() takes the ends from the configuration, the vocabulary and generation_config.json', async (t) => {
  const folder = await directory(t, {
    'tokenizer.json': tokenizer,
    'tokenizer_config.json': { eos_token: '</s>' },
    'generation_config.json': { eos_token_id: [3, 4] },
  })
  const opened = await openTokenizer(folder)
  assert.deepEqual(opened.ends, [4, 3])
  assert.deepEqual(opened.encode('abb'), [2, 1])
  assert.equal(opened.hasChatTemplate, false)
})

test('openTokenizer() refuses what no tokenizer is, and names the file and the place', async (t) => {
  const broken: [unknown, RegExp][] = [
    [null, /tokenizer\.json: the whole: .*expected object/],
    [[], /tokenizer\.json: the whole: .*expected object/],
    [{}, /tokenizer\.json: model: .*expected object/],
    [{ ...tokenizer, model: { type: 'BPE' } }, /tokenizer\.json: model\.vocab: expected an object or a list/],
    [{ ...tokenizer, added_tokens: [null] }, /tokenizer\.json: added_tokens\.0: .*expected object/],
    [{ ...tokenizer, added_tokens: [{ id: -1, content: 'x' }] }, /added_tokens\.0\.id: /],
    [{ ...tokenizer, decoder: undefined }, /Cannot use the tokenizer of .*: expected what tokenizers can read, got/],
    [{ ...tokenizer, pre_tokenizer: { type: 'Nonsense' } }, /Cannot use the tokenizer of .*Nonsense/],
    [{ ...tokenizer, model: { type: 'BPE', vocab: {} } }, /Cannot use the tokenizer of /],
  ]
  for (const [json, message] of broken) {
    const folder = await directory(t, { 'tokenizer.json': json, 'tokenizer_config.json': { eos_token: '<end>' } })
    await assert.rejects(openTokenizer(folder), message, JSON.stringify(json))
  }
})

test('openTokenizer() says that a tokenizer without an end cannot be used', async (t) => {
  const folder = await directory(t, { 'tokenizer.json': tokenizer, 'tokenizer_config.json': {} })
  await assert.rejects(openTokenizer(folder), /without an end-of-sequence token/)
})
