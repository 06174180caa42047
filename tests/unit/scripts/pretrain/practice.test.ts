import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCut } from '../../../../scripts/pretrain/cut.ts'
import { createPractice } from '../../../../scripts/pretrain/practice.ts'
import { readWeights } from '../../../../scripts/pretrain/weights.ts'
import { builtIn } from '../../../../src/cli/models/built-in.ts'
import { createRandom } from '../../../../src/core/random.ts'
import { nanoConfig } from '../../../../src/nano/architecture.ts'
import { newWeights } from '../../../../src/nano/new-model.ts'
import { readTokenizerFiles } from '../../../../src/tokenizer/open.ts'
import { fullLayout, joinWeights } from '../../../../src/training/full-layout.ts'

test('createPractice(): what parameters write, judged, as rows; a function of parameters and seed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-practice-'))
  try {
    const files = await readTokenizerFiles(builtIn.path)
    const practice = createPractice({ files, cut: createCut(files), folder, device: 'cpu', threads: 2 })
    const layout = fullLayout(nanoConfig)
    const trained = joinWeights(layout, await readWeights(builtIn.path))
    const first = await practice(trained, 3, createRandom('one'))
    assert.ok(first.right > 0.1 && first.right < 1, `${first.right}`)
    const weights = first.batches.flatMap((batch) => [...batch.weights])
    assert.ok(weights.some((weight) => weight > 0) && weights.some((weight) => weight < 0))
    assert.deepEqual(await practice(trained, 3, createRandom('one')), first)
    assert.notDeepEqual(await practice(trained, 3, createRandom('two')), first)
    // A model that knows nothing writes nothing right, and learns nothing from it.
    const random = joinWeights(layout, newWeights(nanoConfig, 'random'))
    assert.deepEqual(await practice(random, 1, createRandom('one')), { batches: [], right: 0 })
    assert.deepEqual(await readdir(folder), ['writer'])
  } finally {
    await rm(folder, { recursive: true })
  }
})
