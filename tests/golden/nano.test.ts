/** The built-in model is an ordinary Hugging Face directory: transformers reads it as this program does. */
import assert from 'node:assert/strict'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { builtIn } from '../../src/cli/models/built-in.ts'
import { openTokenizer } from '../../src/tokenizer/open.ts'
import { goldenFolder } from './folder.ts'
import { lastLogits } from './last-logits.ts'
import { relativeError } from './tiny.ts'

interface Golden {
  readonly cases: readonly {
    readonly text: string
    readonly ids: number[]
    readonly decoded: string
    /** Behind the last token, in float64. */
    readonly logits: readonly number[]
  }[]
}

test('nano has the token ids and logits that transformers reads from its folder', async (t) => {
  const { cases }: Golden = JSON.parse(await readFile(join(goldenFolder, 'nano.json'), 'utf8'))
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-nano-'))
  t.after(() => rm(folder, { recursive: true }))
  const tokenizer = await openTokenizer(builtIn.path)
  for (const { text, ids, decoded } of cases) {
    assert.deepEqual(tokenizer.encode(text, { special: true }), ids, JSON.stringify(text))
    assert.equal(tokenizer.decode(ids), decoded)
  }
  const read = await lastLogits(
    t,
    builtIn.path,
    folder,
    cases.map(({ ids }) => ids),
  )
  assert.ok(cases.length >= 4)
  for (const [i, { text, logits }] of cases.entries()) {
    assert.equal(read[i]?.length, logits.length)
    const error = relativeError(read[i] ?? [], logits)
    assert.ok(error <= 1e-5, `relative error ${error} after ${JSON.stringify(text)}`)
  }
})
