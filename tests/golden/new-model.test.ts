import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { emptyPast, prefillBatch } from '../../src/generation/prefill.ts'
import { createRotaryFeeds } from '../../src/generation/rotary-feeds.ts'
import { createSessions } from '../../src/generation/sessions.ts'
import { openCheckpoint } from '../../src/model/open.ts'
import { openTokenizer } from '../../src/tokenizer/open.ts'
import { writeNewModel } from '../fixtures/new-model.ts'
import { goldenFolder } from './folder.ts'
import { relativeError } from './tiny.ts'

interface Golden {
  readonly cases: readonly { readonly text: string; readonly ids: number[]; readonly decoded: string }[]
  /** Behind the last token of the first case, in float64. */
  readonly logits: readonly number[]
}

test('writeModel() writes what transformers reads as the same token ids and logits', async (t) => {
  const golden: Golden = JSON.parse(await readFile(join(goldenFolder, 'new-model.json'), 'utf8'))
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-new-model-'))
  t.after(() => rm(folder, { recursive: true }))
  const path = join(folder, 'model')
  await writeNewModel(path, 'bf16')
  const tokenizer = await openTokenizer(path)
  for (const { text, ids, decoded } of golden.cases) {
    assert.deepEqual(tokenizer.encode(text, { special: true }), ids, JSON.stringify(text))
    assert.equal(tokenizer.decode(ids), decoded)
  }
  const checkpoint = await openCheckpoint(path, folder)
  const { config } = checkpoint
  const sessions = createSessions(checkpoint, { device: 'cpu', threads: 1 })
  t.after(() => sessions.close())
  const { logits } = await prefillBatch(
    { session: (prefix) => sessions.prefill(undefined, prefix), config, rotary: createRotaryFeeds(config) },
    golden.cases.slice(0, 1).map(({ ids }) => ids),
    emptyPast(config),
  )
  assert.equal(logits.length, config.vocabSize)
  const error = relativeError(logits, golden.logits)
  assert.ok(error <= 1e-6, `relative error ${error}`)
})
