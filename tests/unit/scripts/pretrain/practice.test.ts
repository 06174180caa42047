import assert from 'node:assert/strict'
import { mkdtemp, readdir, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { test } from 'node:test'
import { createCut } from '../../../../scripts/pretrain/cut.ts'
import { createPractice, writtenLine } from '../../../../scripts/pretrain/practice.ts'
import { readWeights } from '../../../../scripts/pretrain/weights.ts'
import { builtIn } from '../../../../src/cli/models/built-in.ts'
import { createRandom } from '../../../../src/core/random.ts'
import { nanoConfig } from '../../../../src/nano/architecture.ts'
import { newWeights } from '../../../../src/nano/new-model.ts'
import { readTokenizerFiles } from '../../../../src/tokenizer/open.ts'
import { createTokenizer } from '../../../../src/tokenizer/tokenizer.ts'
import type { Batch } from '../../../../src/training/batch.ts'
import { fullLayout, joinWeights } from '../../../../src/training/full-layout.ts'

test('createPractice(): what parameters write, judged, as rows; a function of parameters and seed', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'fedpit-practice-'))
  try {
    const files = await readTokenizerFiles(builtIn.path)
    const practice = createPractice({ files, cut: createCut(files), folder, device: 'cpu', threads: 2 })
    const layout = fullLayout(nanoConfig)
    const trained = joinWeights(layout, await readWeights(builtIn.path))
    const first = await practice(trained, { lists: 3 }, createRandom('one'))
    assert.ok(first.right > 0.1 && first.right < 1, `${first.right}`)
    assert.equal(first.batches.length, 1)
    assertRewarded(first.batches)
    assert.deepEqual(await practice(trained, { lists: 3 }, createRandom('one')), first)
    assert.notDeepEqual(await practice(trained, { lists: 3 }, createRandom('two')), first)
    // Answers come beside the same lists.
    const both = await practice(trained, { lists: 3, answers: 2 }, createRandom('one'))
    assert.deepEqual({ right: both.right, batches: both.batches.slice(0, 1) }, first)
    assert.ok((both.answered as number) > 0.1 && (both.answered as number) < 1, `${both.answered}`)
    assertRewarded(both.batches.slice(1))
    // A model that knows nothing writes nothing right.
    const random = joinWeights(layout, newWeights(nanoConfig, 'random'))
    assert.equal((await practice(random, { lists: 1 }, createRandom('one'))).right, 0)
    assert.deepEqual(await readdir(folder), [])
  } finally {
    await rm(folder, { recursive: true })
  }
})

function assertRewarded(batches: readonly Batch[]): void {
  const weights = batches.flatMap((batch) => [...batch.weights])
  assert.ok(weights.some((weight) => weight > 0) && weights.some((weight) => weight < 0))
}

test('writtenLine() has marks and ends of the same characters, however a line was ended', async () => {
  const files = await readTokenizerFiles(builtIn.path)
  const cut = createCut(files)
  for (const tokenizer of [createTokenizer(files), cut(createRandom('one')), cut(createRandom('two'))]) {
    const judged: string[] = []
    const judge = (line: string) => {
      judged.push(line)
      return { verdict: 'right', marks: 's'.repeat(line.length) } as const
    }
    const written = (text: string, finish: 'stop' | 'length' | 'end', last: string) => {
      const ids = tokenizer.encode(text + last, { special: true })
      return writtenLine({ text, ids, tokens: ids.length, finish }, tokenizer, judge)
    }
    for (const text of [' Cut the oak at 12:30.', ' Amend Klara Ferrer to Doris Holm', 'Cut']) {
      const { verdict, marks, ends, ids } = written(text, 'stop', '\n')
      assert.equal(verdict, 'right')
      assert.equal(judged.at(-1), text)
      assert.equal(ends.length, ids.length)
      assert.deepEqual(ends.slice(-2), ids.length > 1 ? [marks.length, marks.length + 1] : [marks.length + 1])
    }
    for (const finish of ['length', 'end'] as const) assert.equal(written(' Cut the oak', finish, '').verdict, 'wrong')
  }
})
