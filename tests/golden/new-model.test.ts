import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { openTokenizer } from '../../src/tokenizer/open.ts'
import { writeNewModel } from '../fixtures/new-model.ts'
import { goldenFolder } from './folder.ts'
import { lastLogits } from './last-logits.ts'
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
  const [logits] = await lastLogits(t, path, folder, [golden.cases[0]?.ids ?? []])
  assert.equal(logits?.length, golden.logits.length)
  const error = relativeError(logits ?? [], golden.logits)
  assert.ok(error <= 1e-6, `relative error ${error}`)
})
